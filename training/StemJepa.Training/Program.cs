using System.CommandLine;
using StemJepa;
using StemJepa.Training.Corpus;
using StemJepa.Training.Evaluation;
using StemJepa.Training.Training;

var root = new RootCommand("Trains and measures StemJepa.") { CorpusCommand.Create(), DemoSongsCommand.Create(), TrainCommand.Create() };
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
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
