using System.CommandLine;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Training.Evaluation;

namespace StemJepa.Benchmarks.Planning;

/// <summary>
/// The command <c>plan</c>: costs of 10^5, 10^7 and 10^9 stems, computed from the results of other commands; it measures nothing.
/// </summary>
internal static class PlanCommand
{
    private const double UsualStem = 30, UsualTarget = 100, UsualNetwork = 1, UsualLoad = 0.5;
    private const int UsualQueries = 20_000, MostQueries = 10_000_000;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var paths = new Option<string>("--path")
        {
            Description = "Results of the command path.",
            DefaultValueFactory = _ => "benchmarks/results/path.json",
        };
        var catalog = new Option<string>("--catalog")
        {
            Description = "Results of the command catalog.",
            DefaultValueFactory = _ => "benchmarks/results/catalog.json",
        };
        Option<double> seconds = Positive("--seconds", "Length of a stem, in seconds.", UsualStem, 1e6);
        Option<double> target = Positive("--target", "Time within which 99 of 100 queries must be answered, in ms.", UsualTarget, 1e6);
        Option<double> network =
            Positive("--network", "Time to ask a shard and to merge its answer, in ms: assumed, not measured.", UsualNetwork, 1e6);
        Option<double> load =
            Positive("--load", "Share of the time in which nodes are busy when queries come at random times.", UsualLoad, 0.99);
        var queries = new Option<int>("--queries")
        {
            Description = "Number of simulated queries.",
            DefaultValueFactory = _ => UsualQueries,
        };
        queries.Require(value => value is >= 1000 and <= MostQueries, $"--queries is a number from 1000 to {MostQueries}.");
        Command command = new Measurement<PlanReport>("plan", "What 10^5, 10^7 and 10^9 stems would cost, from measured figures.")
        {
            Options = [paths, catalog, seconds, target, network, load, queries],
            MeasureAsync = (parsed, _) => Task.FromResult(PlanReport.Compute(
                PlanInputs.Read(parsed.GetRequiredValue(paths), parsed.GetRequiredValue(catalog)),
                new PlanAssumptions(parsed.GetValue(seconds), parsed.GetValue(target), parsed.GetValue(network), parsed.GetValue(load),
                    parsed.GetValue(queries)))),
            Table = report => report.ToMarkdown(),
        }.ToCommand();
        command.Validators.Add(result =>
        {
            double ValueOf(Option<double> option, double usual) => result.GetResult(option)?.GetValueOrDefault<double>() ?? usual;
            if (ValueOf(network, UsualNetwork) >= ValueOf(target, UsualTarget))
                result.AddError("--target is more than --network.");
        });
        return command;
    }

    private static Option<double> Positive(string name, string description, double usual, double most)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Require(value =>
            value > 0 && value <= most, FormattableString.Invariant($"{name} is a number above 0, up to {most}, such as {usual}."));
        return option;
    }
}
