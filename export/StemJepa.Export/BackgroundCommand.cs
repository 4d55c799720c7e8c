using System.CommandLine;
using StemJepa.Training.Corpora;
using StemJepa.Training.Evaluation;

namespace StemJepa.Export;

/// <summary>
/// The command <c>background</c>: embeds recordings of training songs, with which users' candidates are compared, and writes them into a
/// model folder.
/// </summary>
internal static class BackgroundCommand
{
    /// <summary>Fewest and most recordings of a stem; by default enough for steps of a fifth of a percent.</summary>
    private const int DefaultRecordings = 512, FewestRecordings = 1, MostRecordings = 4096;

    private const double DefaultSeconds = 32;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var dataSet = new Option<string>("--dataset")
        {
            Description = "Folder of a corpus; its training split is used, one recording of each song and stem.",
            Required = true,
        };
        var testSet = new Option<string?>("--test-set")
        {
            Description = "Folder of another corpus, whose test songs and their variants are left out.",
        };
        var model = new Option<string>("--model") { Description = "Model folder that the background is for.", Required = true };
        var recordings = new Option<int>("--recordings")
        {
            Description = "At most so many recordings of each stem.",
            DefaultValueFactory = _ => DefaultRecordings,
        };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Only the first so many seconds of each recording.",
            DefaultValueFactory = _ => DefaultSeconds,
        };
        recordings.Require(value => value is >= FewestRecordings and <= MostRecordings,
            $"--recordings is a whole number from {FewestRecordings} to {MostRecordings}, such as {DefaultRecordings}.");
        seconds.Require(value => value > 0, "--seconds is a number above 0, such as 32.");
        var command = new Command("background", "Writes recordings that candidates are compared with, 'better than 97 % of basses'.")
        {
            dataSet, testSet, model, recordings, seconds,
        };
        command.SetAction((parsed, cancellation) =>
        {
            try
            {
                string folder = parsed.GetRequiredValue(model);
                using StemAffinity affinity = StemAffinity.Load(folder);
                BackgroundContent background = Embed(affinity, parsed.GetRequiredValue(dataSet), parsed.GetValue(testSet),
                    parsed.GetValue(recordings), parsed.GetValue(seconds), cancellation);
                BackgroundFile.Write(folder, background);
                string counts = string.Join(", ", Stem.Roles.Select(stem =>
                    $"{background.Directions[stem.Role].Length} {stem.Name}"));
                output.WriteLine($"{Path.Combine(folder, BackgroundFile.Name)}: {counts} of {background.Corpus}");
                return Task.FromResult(ExportCommand.Done);
            }
            catch (StemJepaException failure)
            {
                error.WriteLine(failure.Message);
                return Task.FromResult(ExportCommand.BadData);
            }
        });
        return command;
    }

    /// <summary>Embeds one recording of each stem and song that sounds, of songs in an order that their names alone decide.</summary>
    /// <exception cref="StemJepaException">A stem has no recording.</exception>
    private static BackgroundContent Embed(StemAffinity model, string dataSet, string? testSet, int most, double seconds,
        CancellationToken cancellation)
    {
        HashSet<string> left = testSet is null ? []
            : [.. CorpusFolder.Songs(testSet, CorpusFolder.Test, null, cancellation).Select(song => song.Original)];
        CorpusSong[] songs = [.. CorpusFolder.Songs(dataSet, CorpusFolder.Train, null, cancellation)
            .Where(song => !left.Contains(song.Original)).GroupBy(song => song.Original)
            .OrderBy(group => ValidationSplit.Hash(group.Key)).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.First())];
        return new BackgroundContent(model.Model.Hash, CorpusFolder.Name(dataSet), [.. Stem.Roles.Select(OfStem)]);

        float[][] OfStem(Stem stem)
        {
            float[][] found = [.. songs.Where(song => File.Exists(song.PathOf(stem)))
                .Select(song => EmbedStem(model, song, stem, seconds, cancellation)).OfType<float[]>().Take(most)];
            return found.Length > 0 ? found : throw new StemJepaException(
                $"{dataSet}: has no recording of {stem.Name} for the background; name a corpus with all stems.");
        }
    }

    private static float[]? EmbedStem(StemAffinity model, CorpusSong song, Stem stem, double seconds, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using StemSamples samples = StemSamples.Open(song.PathOf(stem));
        var first = new float[(int)Math.Min(samples.Length, seconds * FrontEndSettings.SampleRate)];
        samples.Read(0, first);
        if (!CorpusAudio.IsSounding(first))
            return null;
        return model.Embed(new AudioClip(first, FrontEndSettings.SampleRate).OpenReader(), null, cancellation).Direction;
    }
}
