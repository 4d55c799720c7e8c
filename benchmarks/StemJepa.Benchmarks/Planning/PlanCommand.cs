using System.CommandLine;
using StemJepa.Training.Evaluation;

namespace StemJepa.Benchmarks.Planning;

/// <summary>The command <c>plan</c>: what libraries of 10^5, 10^7 and 10^9 stems would cost, recomputed from what other commands measured. Measures nothing itself.</summary>
internal static class PlanCommand
{
    private const double UsualStem = 30, UsualTarget = 100, UsualNetwork = 1, UsualLoad = 0.5;
    private const int UsualQueries = 20_000, MostQueries = 10_000_000;

    public static Command Create()
    {
        Option<string> file = MeasurementOptions.Json("plan.json");
        Option<string[]> documents = DocumentTable.Option();
        var paths = new Option<string>("--path") { Description = "Results of the command path.", DefaultValueFactory = _ => "benchmarks/results/path.json" };
        var catalog = new Option<string>("--catalog") { Description = "Results of the command catalog.", DefaultValueFactory = _ => "benchmarks/results/catalog.json" };
        Option<double> seconds = Positive("--seconds", "Length of a stem, in seconds.", UsualStem, 1e6);
        Option<double> target = Positive("--target", "99 of 100 queries are to be answered within so many ms.", UsualTarget, 1e6);
        Option<double> network = Positive("--network", "What asking a shard and merging its answer take besides the search, in ms: assumed, not measured.", UsualNetwork, 1e6);
        Option<double> load = Positive("--load", "Share of the time in which nodes are busy, where queries come at random moments.", UsualLoad, 0.99);
        var queries = new Option<int>("--queries") { Description = "Queries that are simulated.", DefaultValueFactory = _ => UsualQueries };
        queries.Require(value => value is >= 1000 and <= MostQueries, $"--queries is a number from 1000 to {MostQueries}.");
        var command = new Command("plan", "What 10^5, 10^7 and 10^9 stems would cost, from measured figures.") { file, documents, paths, catalog, seconds, target, network, load, queries };
        command.Validators.Add(result =>
        {
            double Of(Option<double> option, double usual) => result.GetResult(option)?.GetValueOrDefault<double>() ?? usual;
            if (Of(network, UsualNetwork) >= Of(target, UsualTarget))
                result.AddError("--target is more than --network.");
        });
        command.SetAction(parsed =>
        {
            PlanInputs measured = PlanInputs.Read(parsed.GetRequiredValue(paths), parsed.GetRequiredValue(catalog));
            var assumed = new PlanAssumptions(parsed.GetValue(seconds), parsed.GetValue(target), parsed.GetValue(network), parsed.GetValue(load), parsed.GetValue(queries));
            PlanReport report = PlanReport.Of(measured, assumed);
            string path = parsed.GetRequiredValue(file);
            ResultsJson.Write(path, report);
            report = ResultsJson.Read<PlanReport>(path);
            Console.WriteLine(report.ToMarkdown());
            DocumentTable.Write(parsed.GetRequiredValue(documents), ("plan.json", report.ToMarkdown()));
            return 0;
        });
        return command;
    }

    private static Option<double> Positive(string name, string description, double usual, double most)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Require(value => value > 0 && value <= most, FormattableString.Invariant($"{name} is a number above 0, up to {most}, such as {usual}."));
        return option;
    }
}
