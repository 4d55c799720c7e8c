using System.CommandLine;
using StemJepa;
using StemJepa.Training.Training;
using StemJepa.Training.Evaluation;
using StemJepa.Training.Corpora;

var root = new RootCommand("Trains and measures StemJepa.") { CorpusCommand.Create(), DemoSongsCommand.Create(), TrainCommand.Create(),
    AblateCommand.Create(), CanonicalCommand.Create(), FitWeightsCommand.Create(), EvaluateCommand.Create(), ProbeCommand.Create() };
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync($"{parsed.Errors[0].Message} See --help.");
    return 2;
}
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (StemJepaException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 1;
}
