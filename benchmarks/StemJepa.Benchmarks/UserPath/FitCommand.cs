using System.CommandLine;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.UserPath;

/// <summary>
/// The command <c>fit</c>: how fast libraries are indexed with analysis and without, candidates are fitted, sound is stretched, and the
/// first results come.
/// </summary>
internal static class FitCommand
{
    private const int LibraryRate = 44100, StretchSeconds = 60, MixSeconds = 30, Recordings = 10_000, Top = 50;
    private const double StretchRatio = 1.05;

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Option<int> rounds = Timing.Rounds(5);
        return new Measurement<IReadOnlyList<MeasuredQuantity>>(
            "fit", "How fast libraries are indexed with analysis, candidates are fitted, sound is stretched, and first results come.")
        {
            Options = [rounds],
            MeasureAsync = (parsed, cancel) => MeasureAsync(parsed.GetValue(rounds), cancel),
            Table = PathCommand.ToMarkdown,
        }.ToCommand();
    }

    private static async Task<IReadOnlyList<MeasuredQuantity>> MeasureAsync(int rounds, CancellationToken cancel)
    {
        var quantities = new QuantityList(await Provenance.HereAsync());
        using var fixture = new Fixture();
        StemAffinity model = fixture.Own(StemAffinity.Create());
        StemAnalyzer analyzer = fixture.Own(StemAnalyzer.Create(model));
        DemoSong[] songs = [.. DemoSongs.Load()];
        AddIndexing(quantities, fixture, model, analyzer, songs, rounds, cancel);
        AddFitting(quantities, fixture, model, analyzer, songs, rounds, cancel);
        AddStretching(quantities, rounds, cancel);
        AddFirstResults(quantities, fixture, model, songs[0], rounds, cancel);
        return quantities.All;
    }

    /// <summary>The demo's stems as WAV files at 44.1 kHz, read, embedded and catalogued by all processors.</summary>
    private static void AddIndexing(QuantityList quantities, Fixture fixture, StemAffinity model, StemAnalyzer analyzer, DemoSong[] songs,
        int rounds, CancellationToken cancel)
    {
        string[] files = [.. songs.SelectMany((song, number) => song.Stems.Select((stem, kind) =>
        {
            string file = fixture.PathOf($"{number} {kind}.wav");
            stem.Resample(LibraryRate).Save(file);
            return file;
        }))];
        double Rate(int round, string way, Func<AudioReader, StemEmbedding> read)
        {
            using CatalogWriter writer = CatalogWriter.Open(fixture.PathOf($"catalogue {round} {way}"), model.Model);
            return files.Length / Timing.Seconds(() =>
            {
                Parallel.ForEach(files, new ParallelOptions { CancellationToken = cancel }, file =>
                {
                    using var reader = new WavReader(File.OpenRead(file), file);
                    StemEmbedding embedding = read(reader);
                    lock (writer)
                        writer.Set(new CatalogEntry { Id = file, Path = file }, embedding);
                });
                writer.Commit();
            });
        }
        List<double> without = [], with = [];
        for (int round = -1; round < rounds; round++)
        {
            double plain = Rate(round, "without", reader => model.Embed(reader, cancellationToken: cancel));
            double analysed = Rate(round, "with", reader => analyzer.Analyze(reader, cancel).Embedding);
            if (round < 0)
                continue;
            without.Add(plain);
            with.Add(analysed);
        }
        quantities.Add("recordings of 8 s indexed per second, without analysis", without, "1/s");
        quantities.Add("recordings of 8 s indexed per second, with analysis", with, "1/s");
        quantities.AddAtLeast("the same, of the rate without", with.Zip(without, (analysed, plain) => analysed / plain), "", 0.5);
    }

    /// <summary>The basses of all songs to the mix of one.</summary>
    private static void AddFitting(QuantityList quantities, Fixture fixture, StemAffinity model, StemAnalyzer analyzer, DemoSong[] songs,
        int rounds, CancellationToken cancel)
    {
        StemFitter fitter = fixture.Own(StemFitter.Create(model, analyzer));
        AudioClip mix = songs[0].MixWithout(Stem.Bass);
        AudioClip[] basses = [.. songs.Select(song => song.Stems[Stem.Bass.Role])];
        FitMix prepared = fitter.Prepare(mix, Stem.Bass, cancel);
        fitter.Fit(prepared, basses[0], cancellationToken: cancel);
        double Rate(int threads) => basses.Length / Timing.Seconds(() => Parallel.ForEach(basses,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel },
            bass => fitter.Fit(prepared, bass, cancellationToken: cancel)));
        List<double> one = [], all = [], preparing = [];
        for (int round = 0; round < rounds; round++)
        {
            one.Add(Rate(1));
            all.Add(Rate(Environment.ProcessorCount));
            preparing.Add(1000 * Timing.Seconds(() => fitter.Prepare(mix, Stem.Bass, cancel)));
        }
        quantities.Add("prepare a mix of 8 s", preparing, "ms");
        quantities.Add("candidates of 8 s fitted per second, 1 caller", one, "1/s");
        quantities.Add("candidates of 8 s fitted per second, as many callers as processors", all, "1/s");
    }

    private static void AddStretching(QuantityList quantities, int rounds, CancellationToken cancel)
    {
        var clip = new AudioClip(Noise.Samples(LibraryRate * StretchSeconds), LibraryRate);
        foreach (Stem stem in (Stem[])[Stem.Drums, Stem.Bass, Stem.Other])
        {
            void Stretch() => TimeStretch.Apply(clip, StretchRatio, 0, stem, cancel);
            Stretch();
            quantities.AddAtLeast(Invariant($"stretch by 5 %, as {stem.Name}, times real time on one thread"),
                [.. Enumerable.Range(0, rounds).Select(_ => StretchSeconds / Timing.Seconds(Stretch))], "", 20);
        }
    }

    private static void AddFirstResults(QuantityList quantities, Fixture fixture, StemAffinity model, DemoSong song, int rounds,
        CancellationToken cancel)
    {
        string folder = fixture.PathOf("library"), file = fixture.PathOf("mix.wav");
        using (CatalogWriter writer = CatalogWriter.Open(folder, model.Model))
        {
            for (int i = 0; i < Recordings; i++)
                writer.Set(new CatalogEntry { Id = $"{i}", Stem = Stem.Bass }, NoiseEmbedding.Create(model.Model, i));
            writer.Commit();
        }
        ReadOnlyMemory<float> mix = song.MixWithout(Stem.Bass).Samples;
        float[] repeated = [.. Enumerable.Range(0, MixSeconds * FrontEndSettings.SampleRate).Select(i => mix.Span[i % mix.Length])];
        new AudioClip(repeated, FrontEndSettings.SampleRate).Resample(LibraryRate).Save(file);
        using StemCatalog catalog = StemCatalog.Open(folder);
        var filter = new CatalogFilter { Stem = Stem.Bass, IncludeUnknownStem = true };
        void Find()
        {
            using var reader = new WavReader(File.OpenRead(file), file);
            catalog.Search(model.Predict(reader, Stem.Bass, cancellationToken: cancel), Top, filter, cancel);
        }
        Find();
        quantities.AddBelow(Invariant($"from a mix of {MixSeconds} s at 44.1 kHz to its best {Top} of {Recordings:N0} recordings"),
            [.. Enumerable.Range(0, rounds).Select(_ => 1000 * Timing.Seconds(Find))], "ms", 1000);
    }
}
