using System.CommandLine;
using Spectre.Console;

namespace StemJepa.Training.Evaluation;

/// <summary>Options and actions that several commands share.</summary>
internal static class EvaluationOptions
{
    /// <summary>The option <c>--corpus</c>, whose test split is evaluated.</summary>
    public static Option<string> Corpus() => new("--corpus")
    {
        Description = "Folder of a corpus, MUSDB18-HQ, MUSDB18, MoisesDB or Slakh2100; its test split is used.",
        Required = true,
    };

    /// <summary>The option <c>--model</c>; null is the shipped model.</summary>
    public static Option<string?> Model() => new("--model") { Description = "Model folder; the shipped model when left out." };

    /// <summary>The option <c>--json</c>.</summary>
    public static Option<string?> Json() => new("--json") { Description = "Write the figures to this file; - is standard output." };

    /// <summary>The option <c>--songs</c>.</summary>
    public static Option<int> Songs()
    {
        var songs = new Option<int>("--songs")
        {
            Description = "Only the first songs by name, at most so many, for a quick look.",
            DefaultValueFactory = _ => int.MaxValue,
        };
        songs.Require(value => value >= 1, "--songs is a whole number from 1 on, such as 24.");
        return songs;
    }

    /// <summary>Loads a model folder, or the shipped model for null. The caller disposes of it.</summary>
    /// <exception cref="StemJepaException">The folder holds no model.</exception>
    public static StemAffinity LoadModel(string? folder) => folder is null ? StemAffinity.Create() : StemAffinity.Load(folder);

    /// <summary>A console on standard error, for progress, since standard output may be taken by JSON.</summary>
    public static IAnsiConsole ErrorConsole() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Runs work in the background with a progress bar on standard error.</summary>
    /// <param name="name">Label of the bar.</param>
    /// <param name="work">The work; it reports the share that is done, 0..1.</param>
    /// <param name="cancellationToken">Cancels before the work begins.</param>
    public static Task<T> RunWithProgressAsync<T>(string name, Func<Action<double>, T> work, CancellationToken cancellationToken) =>
        ErrorConsole().Progress().StartAsync(context => Task.Run(() =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(name), maxValue: 1);
            return work(share => task.Value = share);
        }, cancellationToken));
}

/// <summary>Rules for the values of options.</summary>
internal static class OptionRules
{
    /// <summary>Rejects values that break a rule.</summary>
    /// <param name="option">The option.</param>
    /// <param name="holds">The rule.</param>
    /// <param name="sentence">The error: the option's name and what would work.</param>
    public static void Require<T>(this Option<T> option, Func<T, bool> holds, string sentence) => option.Validators.Add(result =>
    {
        if (!holds(result.GetValueOrDefault<T>()!))
            result.AddError(sentence);
    });
}
