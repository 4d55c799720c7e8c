using System.CommandLine;
using System.CommandLine.Parsing;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Matching;

/// <summary>The options of commands that can fit what they find to the mix.</summary>
internal sealed class FitOptions
{
    private readonly Option<bool> _fit = new("--fit")
    {
        Description = $"Fit the best {FitRanking.Most} in tempo, key and start, and order them by all that speaks for them then.",
    };

    private readonly Option<string?> _previews = new("--previews")
    {
        Description = $"With --fit, which it implies: write the mix with each of the best {FileFitter.MostPreviews}, and the fitted "
            + "recordings alone, as WAV files into this folder.",
        HelpName = "DIR",
    };

    public void AddTo(Command command)
    {
        command.Add(_fit);
        command.Add(_previews);
    }

    public FitRequest Read(ParseResult parsed)
    {
        string? previews = parsed.GetValue(_previews);
        if (previews is not null && File.Exists(previews))
            throw new UsageException($"--previews '{previews}' is a file; give a folder.");
        return new FitRequest(previews is not null || parsed.GetValue(_fit), previews);
    }
}

/// <summary>Whether and how what was found is fitted.</summary>
/// <param name="IsAsked">Whether it is.</param>
/// <param name="Previews">The folder for previews; null for none.</param>
internal sealed record FitRequest(bool IsAsked, string? Previews)
{
    /// <summary>Refuses a mix that cannot be fitted to, before any work is done.</summary>
    /// <exception cref="UsageException">It is a pipe, which can be read once only.</exception>
    public void Check(string mix)
    {
        if (IsAsked && RegularFile.TryGetLength(mix) is null)
            throw new UsageException($"--fit reads MIX more than once, and '{mix}' is a pipe or a device; save it as a WAV file first.");
    }
}

/// <summary>Lets <see cref="FitOptions"/> stand in a command's list of options.</summary>
internal static class FitOptionsExtensions
{
    public static void Add(this Command command, FitOptions options) => options.AddTo(command);
}
