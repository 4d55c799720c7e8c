using System.CommandLine;
using StemJepa.Training.Corpus;

var root = new RootCommand("Trains and evaluates StemJepa, and renders the songs that it is trained on.")
{
    CorpusCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
