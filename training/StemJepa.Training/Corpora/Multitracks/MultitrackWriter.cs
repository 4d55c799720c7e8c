using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Spectre.Console;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Renders songs that come as separate voices into a corpus folder, as <see cref="CorpusWriter"/> does with songs of MIDI, whose lock on
/// the folder is held meanwhile. Finished songs are kept.
/// Variants have the roles of their song.
/// </summary>
/// <param name="corpus">The corpus folder.</param>
/// <param name="seed">Seed of the variants.</param>
/// <param name="console">Where progress goes.</param>
internal sealed class MultitrackWriter(string corpus, int seed, IAnsiConsole console)
{
    private const string RejectedFolder = ".rejected";
    private const double LowestTempo = 0.8, HighestTempo = 1.25;
    private static readonly Stem[] Stems = [.. Stem.Roles];

    /// <summary>
    /// Renders what is missing: the songs, nearby variants of the training songs if asked for, and rounds of variants of those that can
    /// be moved.
    /// </summary>
    public async Task WriteAsync(IReadOnlyList<Multitrack> songs, bool nearby, int variants, int jobs, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        int rendered = 0;
        await Parallel.ForEachAsync(songs, new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancel },
            async (song, token) =>
        {
            if (await WriteAsync(song, song.Name, Multitrack.Move.None, null, token)) Interlocked.Increment(ref rendered);
            string folder = FolderOf(song, song.Name);
            if (song.IsTest || !song.CanMove || !Directory.Exists(folder)) return;
            IReadOnlyList<VoiceRecord> voices = SongRecord.Load(folder).Voices ?? [];
            foreach ((string name, Multitrack.Move move) in Moves(song, nearby, variants))
                if (await WriteAsync(song, name, move, voices, token)) Interlocked.Increment(ref rendered);
        });
        int unusable = songs.Count(s => File.Exists(RejectionOf(s.Name)));
        string time = clock.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        console.MarkupLineInterpolated(
            $"{rendered} songs of separate voices rendered in {time} s; {unusable} of {songs.Count} cannot be used.");
    }

    /// <summary>The folder of a song, or of a variant of it.</summary>
    public string FolderOf(Multitrack song, string name) => Path.Combine(corpus, song.Split, name);

    /// <summary>The file that says why a song is not in the corpus, if it is not.</summary>
    public string RejectionOf(string name) => Path.Combine(corpus, RejectedFolder, name + ".txt");

    private IEnumerable<(string Name, Multitrack.Move Move)> Moves(Multitrack song, bool nearby, int variants)
    {
        if (nearby)
        {
            Random random = SeededRandom.For($"{seed}/nearby/{song.Name}");
            int semitones = random.Next(1, NearbyVariants.MostSemitones + 1) * (random.Chance(0.5) ? 1 : -1), kind = random.Next(5);
            double change = NearbyVariants.LeastTempo + (NearbyVariants.MostTempo - NearbyVariants.LeastTempo) * random.NextDouble();
            double tempo = 1 + change * (random.Chance(0.5) ? 1 : -1);
            yield return ($"{song.Name}{CorpusSong.VariantMark}nearby",
                new Multitrack.Move(kind is 1 or 3 ? 0 : semitones, kind is 0 or 2 ? 1 : Math.Round(tempo, 4)));
        }
        for (int round = 1; round <= variants; round++)
        {
            Random random = SeededRandom.For($"{seed}/{song.Name}/{round}");
            double tempo = LowestTempo * Math.Pow(HighestTempo / LowestTempo, random.NextDouble());
            yield return (string.Create(CultureInfo.InvariantCulture, $"{song.Name}{CorpusSong.VariantMark}{round:00}"),
                new Multitrack.Move(random.Next(-6, 7), Math.Round(tempo, 4)));
        }
    }

    private async Task<bool> WriteAsync(Multitrack song, string name, Multitrack.Move move, IReadOnlyList<VoiceRecord>? known,
        CancellationToken cancel)
    {
        string folder = FolderOf(song, name), partial = Path.Combine(corpus, SongRenderer.PartialFolder, name);
        if (Directory.Exists(folder) || File.Exists(RejectionOf(name))) return false;
        try
        {
            Directory.CreateDirectory(partial);
            IReadOnlyList<Multitrack.Voice> voices = await song.RenderAsync(move, i => known is not null
                && known[i].Role == CorpusSong.RoleName(Stem.Drums), cancel);
            IReadOnlyList<VoiceRecord> records = known ?? Describe(voices);
            Save(song, name, move, voices, records, partial);
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            Directory.Move(partial, folder);
            return true;
        }
        catch (StemJepaException e)
        {
            Directory.CreateDirectory(Path.Combine(corpus, RejectedFolder));
            await File.WriteAllTextAsync(RejectionOf(name), e.Message, cancel);
            console.MarkupLineInterpolated($"rejected {e.Message}");
            return false;
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
    }

    /// <summary>Measures the voices and gives them roles.</summary>
    public static IReadOnlyList<VoiceRecord> Describe(IReadOnlyList<Multitrack.Voice> voices)
    {
        SoundRoles.Voice[] heard = [.. voices.Select(v => new SoundRoles.Voice(v.Name, v.Use, VoiceSound.Measure(v.Samples)))];
        IReadOnlyList<Stem?> roles = SoundRoles.Assign(heard);
        double energy = Math.Max(heard.Sum(h => h.Sound.Energy), 1e-12);
        return [.. heard.Zip(roles, (v, role) => new VoiceRecord(v.Name, role is { } r ? CorpusSong.RoleName(r) : null,
            Math.Round(v.Sound.Hertz, 1), Math.Round(v.Sound.Periodicity, 3),
            Math.Round(v.Sound.Energy / energy, 4), v.Use.Notes, v.Use.Pitches, Math.Round(v.Sound.Presence, 3)))];
    }

    private void Save(Multitrack song, string name, Multitrack.Move move, IReadOnlyList<Multitrack.Voice> voices,
        IReadOnlyList<VoiceRecord> records, string folder)
    {
        var stems = new Dictionary<Stem, float[]>();
        foreach (Stem stem in Stems)
        {
            float[][] parts = [.. voices.Zip(records).Where(v => v.Second.Role == CorpusSong.RoleName(stem))
                .Select(v => v.First.Samples)];
            if (parts.Length == 0) continue;
            var sum = new float[parts.Max(p => p.Length)];
            foreach (float[] part in parts) TensorPrimitives.Add(sum.AsSpan(0, part.Length), part, sum.AsSpan(0, part.Length));
            if (RenderedSong.Mix(new Dictionary<Stem, float[]> { [stem] = sum }, sum.Length).Fault() is null) stems[stem] = sum;
        }
        if (stems.Count < SoundRoles.LeastRoles)
            throw new StemJepaException($"{name}: has {stems.Count} roles ({string.Join(", ", stems.Keys)}); at least " +
                $"{SoundRoles.LeastRoles} that sound are needed.");
        RenderedSong mixed = RenderedSong.Mix(stems, stems.Values.Max(s => s.Length));
        double seconds = (double)mixed.Mixture.Length / Fluidsynth.OutputRate;
        if (seconds < RoleAssignment.LeastSeconds)
            throw new StemJepaException($"{name}: lasts {seconds:0.0} s; at least {RoleAssignment.LeastSeconds} s are needed.");
        foreach ((Stem? stem, short[] samples) in mixed.Stems.Select(s => ((Stem?)s.Key, s.Value)).Append((null, mixed.Mixture)))
            new AudioClip(Array.ConvertAll(samples, s => s / 32768f), Fluidsynth.OutputRate)
                .Save(Path.Combine(folder, CorpusSong.FileOf(stem)));
        new SongRecord
        {
            Name = name, Song = song.Name, Split = song.Split, Source = song.Source, Soundfont = song.Renderer, Seconds = seconds,
                Start = 0, TempoMap = [],
            Parts = new Dictionary<string, IReadOnlyList<PartRecord>>(), GainsDb = new Dictionary<string, double>(),
                Transpose = move.Semitones, TempoFactor = move.Tempo, Seed = seed, Voices = records,
        }.Save(folder);
    }
}
