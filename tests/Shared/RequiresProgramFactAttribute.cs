using Xunit;

namespace StemJepa.TestSupport;

/// <summary>A test that is skipped, and says so, where a program is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresProgramFactAttribute : FactAttribute
{
    public RequiresProgramFactAttribute(string program)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe"))))
            Skip = $"{program} is not installed.";
    }
}
