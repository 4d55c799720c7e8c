using Xunit;

namespace StemJepa.TestSupport;

/// <summary>A theory that is skipped, with the reason, where a program is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresProgramTheoryAttribute : TheoryAttribute
{
    public RequiresProgramTheoryAttribute(string program) => Skip = new RequiresProgramFactAttribute(program).Skip;
}
