using System.CommandLine;
using Spectre.Console;
using StemJepa.Training.Corpora;
using static System.FormattableString;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// The command <c>canonical</c>: computes the directions in which mixes and their missing stems correlate most, which <c>Align</c> uses.
/// </summary>
internal static class CanonicalCommand
{
    public static Command Create()
    {
        var corpora = new Option<string[]>("--corpus")
        {
            Description = "Folder of a corpus, whose train split is used; may be given several times.",
            Required = true,
        };
        Option<string?> cache = CorpusFolder.CacheOption();
        var output = new Option<string>("--out")
        {
            Description = "The file that the library embeds.",
            DefaultValueFactory = _ => $"src/StemJepa/Alignment/{CanonicalDirections.FileName}",
        };
        var command = new Command("canonical",
            "Compute the directions in which mixes and their missing stems correlate most, by which recordings are aligned.")
        {
            corpora, cache, output,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            await RunAsync(parse.GetRequiredValue(corpora), parse.GetValue(cache), parse.GetRequiredValue(output), cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(string[] corpora, string? cache, string output, CancellationToken cancellation)
    {
        CorpusSong[] songs = [.. corpora.SelectMany(corpus => CorpusFolder.Songs(corpus, CorpusFolder.Train, cache, cancellation))];
        Provenance here = await Provenance.HereAsync();
        CanonicalAnalysis[] analyses = [.. Stem.Roles.Select(_ => new CanonicalAnalysis(AlignmentFeatures.Count))];
        await EvaluationOptions.ErrorConsole().Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(),
            new PercentageColumn(), new RemainingTimeColumn()).StartAsync(context => Task.Run(() =>
        {
            ProgressTask task = context.AddTask("extracting features", maxValue: songs.Length);
            using var songStems = new PairedStems(songs);
            foreach (IReadOnlyList<PairedStems.Pair> song in Enumerable.Range(0, songs.Length).AsParallel().AsOrdered()
                .WithCancellation(cancellation).Select(songStems.PairsOf))
            {
                foreach (PairedStems.Pair pair in song)
                    analyses[pair.Stem.Role].Add(pair.Mix, pair.Candidate);
                task.Increment(1);
            }
        }, cancellation));
        if (Array.FindIndex(analyses, analysis => analysis.Rows == 0) is >= 0 and var silent)
        {
            throw new StemJepaException($"{string.Join(", ", corpora)}: {Stem.Roles[silent]} and others never play together for "
                + $"{PairedStems.ShortestSeconds} s; name corpora in which all four stems do.");
        }
        var stems = Stem.Roles.Zip(analyses, (stem, analysis) => (stem.Name, Solved: analysis.Solve(CanonicalDirections.Count)))
            .ToArray();
        new CanonicalDirections
        {
            Corpora = [.. corpora.Select(CorpusFolder.Name)],
            Songs = songs.Length,
            Date = here.Date,
            Commit = here.Commit,
            Stems =
                stems.ToDictionary(stem => stem.Name, stem => CanonicalDirections.StoredPair.From(stem.Solved.Mix, stem.Solved.Candidate,
                [.. stem.Solved.Correlations.Select(r => Math.Round(r, 4))])),
        }.Save(output);
        foreach (var (name, solved) in stems)
            Console.WriteLine($"{output}: {name}, correlations {string.Join(' ', solved.Correlations.Select(r => Invariant($"{r:F2}")))}");
    }
}

/// <summary>Alignment features of songs: of each stem, and of the mix of the others. Thread-safe.</summary>
internal sealed class PairedStems(IReadOnlyList<CorpusSong> songs) : IDisposable
{
    /// <summary>Seconds of a song, at least.</summary>
    public static double ShortestSeconds { get; } = new ShiftSettings().Shortest;

    private readonly CorpusAudio _audio = new(songs);

    /// <summary>A stem of a song, and the mix of the others, as <see cref="AlignmentFeatures"/>.</summary>
    internal readonly record struct Pair(Stem Stem, float[] Mix, float[] Candidate);

    /// <summary>The pairs of a song in which both play; none of a song that is too short.</summary>
    public IReadOnlyList<Pair> PairsOf(int song)
    {
        if (_audio.Length(song) < ShortestSeconds * FrontEndSettings.SampleRate)
            return [];
        float[][] stems = _audio.ReadAll(song, 0, _audio.Length(song));
        var pairs = new List<Pair>();
        foreach (Stem stem in Stem.Roles)
        {
            float[] mix = CorpusAudio.MixWithout(stems, stem.Role);
            if (!ShiftQueries.IsSilent(mix) && !ShiftQueries.IsSilent(stems[stem.Role]))
                pairs.Add(new Pair(stem, AlignmentFeatures.Compute(mix), AlignmentFeatures.Compute(stems[stem.Role])));
        }
        return pairs;
    }

    public void Dispose() => _audio.Dispose();
}
