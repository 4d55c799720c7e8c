using System.CommandLine;
using StemJepa.Training.Evaluation;

namespace StemJepa.Benchmarks;

/// <summary>Options that the measuring commands share.</summary>
internal static class MeasurementOptions
{
    /// <summary>Where the results go; a file of <c>benchmarks/results</c> by default.</summary>
    public static Option<string> Json(string name) =>
        new("--json") { Description = "Results file.", DefaultValueFactory = _ => $"benchmarks/results/{name}" };

    /// <summary>How often everything is measured.</summary>
    public static Option<int> Rounds(int usual)
    {
        var rounds = new Option<int>("--rounds") { Description = "Turns of each side; the medians count.", DefaultValueFactory = _ => usual };
        rounds.Require(value => value >= 1, $"--rounds is a whole number from 1 on, such as {usual}.");
        return rounds;
    }
}
