namespace StemJepa.Training.Corpora;

/// <summary>
/// A speaker whose recorded words are sung: their syllables are held as long as notes and moved to their pitches. Immutable; thread-safe.
/// </summary>
/// <param name="Name">What <c>song.json</c> calls it.</param>
/// <param name="Package">The Debian package of the recordings.</param>
/// <param name="Licence">Their licence, from the package's copyright file.</param>
/// <param name="Pattern">Where they lie: folder, and pattern of the names.</param>
/// <param name="Centre">The MIDI pitch in the middle of a comfortable range.</param>
internal sealed record SpokenVoice(string Name, string Package, string Licence, (string Folder, string Names) Pattern, int Centre)
{
    private const int Rate = Fluidsynth.OutputRate, Male = 51, Female = 60, Recordings = 10, MostTries = 100;
    private const double ShortestSyllable = 0.13, MostConsonants = 0.35, Together = 0.01;
    private const string Asterisk = "/usr/share/asterisk/sounds/", Fillets = "/usr/share/games/fillets-ng/sound";
    private const string CreativeCommons = "CC-BY-SA-3.0", Gpl = "GPL-2.0-only";

    /// <summary>The speakers.</summary>
    public static IReadOnlyList<SpokenVoice> All { get; } =
    [
        new("Allison Smith", "asterisk-core-sounds-en-g722", CreativeCommons, (Asterisk + "en_US_f_Allison", "*.g722"), Female),
        new("Allison Smith, Spanish", "asterisk-core-sounds-es-g722", CreativeCommons, (Asterisk + "es_MX_f_Allison", "*.g722"), Female),
        new("June Wallack", "asterisk-core-sounds-fr-g722", CreativeCommons, (Asterisk + "fr_CA_f_June", "*.g722"), Female),
        new("Carlo Flora", "asterisk-core-sounds-it-g722", "CC-BY-3.0", (Asterisk + "it_IT_m_Carlo", "*.g722"), Male),
        new("ivrvoice.ru", "asterisk-core-sounds-ru-g722", "CC-BY-3.0", (Asterisk + "ru_RU_f_IvrvoiceRU", "*.g722"), Female),
        new("Fish Fillets, small fish, Czech", "fillets-ng-data-cs", Gpl, (Fillets, "cs/*-m-*.ogg"), Female),
        new("Fish Fillets, big fish, Czech", "fillets-ng-data-cs", Gpl, (Fillets, "cs/*-v-*.ogg"), Male),
        new("Fish Fillets, small fish, Dutch", "fillets-ng-data-nl", Gpl, (Fillets, "nl/*-m-*.ogg"), Female),
        new("Fish Fillets, big fish, Dutch", "fillets-ng-data-nl", Gpl, (Fillets, "nl/*-v-*.ogg"), Male),
    ];

    private readonly Lazy<string[]> _files = new(() => FilesOf(Pattern));

    /// <summary>Whether its package is installed.</summary>
    public bool IsInstalled => _files.Value.Length > 0;

    /// <summary>Sings the phrases of a song, with the words of a few recordings; the samples of each, at 16 kHz, and where they start in
    /// the song, in seconds.</summary>
    /// <param name="phrases">The notes of each, their pitch, and how many times higher its formants are than the speaker's.</param>
    /// <param name="seed">Decides the words.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="StemJepaException">A recording cannot be read.</exception>
    public async Task<IReadOnlyList<(float[] Samples, double Start)>> SingAsync(
        IReadOnlyList<(IReadOnlyList<SungNote> Notes, PitchCurve Curve, double Formant)> phrases, string seed, CancellationToken cancel)
    {
        Random random = SeededRandom.For($"{seed}/speech");
        var speech = new List<(PitchMarks Marks, IReadOnlyList<SpokenSyllable> Syllables)>();
        for (int tries = 0; speech.Count < Recordings; tries++)
        {
            if (tries == MostTries)
                throw new StemJepaException($"{Pattern.Folder}: {tries} recordings held too few syllables; install {Package} anew.");
            var read = Speech.Analyze(await ReadAsync(random.Pick(_files.Value), cancel));
            if (read.Syllables.Count > 0)
                speech.Add((new PitchMarks(read), read.Syllables));
        }
        return [.. phrases.Select(phrase => Sing(phrase.Notes, phrase.Curve, phrase.Formant,
            Words(speech, SeededRandom.For($"{seed}/words/{phrase.Notes[0].Index}"))))];
    }

    /// <summary>The syllables of one recording after the other, from a random one on, without an end.</summary>
    private static IEnumerable<(PitchMarks Marks, SpokenSyllable Syllable)> Words(
        List<(PitchMarks Marks, IReadOnlyList<SpokenSyllable> Syllables)> speech, Random random)
    {
        for (int next = random.Next(speech.Count); ; next = (next + 1) % speech.Count)
            foreach (SpokenSyllable syllable in speech[next].Syllables)
                yield return (speech[next].Marks, syllable);
    }

    private static (float[] Samples, double Start) Sing(IReadOnlyList<SungNote> notes, PitchCurve curve, double formant,
        IEnumerable<(PitchMarks Marks, SpokenSyllable Syllable)> speech)
    {
        (double Start, double End)[] held = Held(notes);
        (PitchMarks Marks, SpokenSyllable Syllable)[] words = [.. speech.Take(held.Length)];
        double begin = held[0].Start - Onset(0);
        var sung = new float[(int)((held[^1].End - begin) * Rate) + 1];
        for (int i = 0; i < held.Length; i++)
        {
            (PitchMarks marks, SpokenSyllable syllable) = words[i];
            double end = held[i].End - (i + 1 < held.Length && held[i + 1].Start - held[i].End < Together ? Onset(i + 1) : 0);
            double coda = Math.Min((double)(syllable.To - syllable.VowelTo) / Rate, MostConsonants * (end - held[i].Start));
            double[] times = [held[i].Start - Onset(i), held[i].Start, end - coda, end];
            double[] sources = [syllable.From, syllable.VowelFrom, syllable.VowelTo, syllable.To];
            marks.Sing(sung, (times[0] - begin) * Rate, (end - begin) * Rate, at => Source(times, sources, begin + at / Rate),
                at => curve.At(begin + at / Rate), formant);
        }
        return (sung, begin);

        double Onset(int i) => Math.Min((double)(words[i].Syllable.VowelFrom - words[i].Syllable.From) / Rate,
            MostConsonants * (i == 0 ? 1 : held[i].Start - held[i - 1].Start));
    }

    private static double Source(double[] times, double[] sources, double time)
    {
        int next = 1;
        while (next < times.Length - 1 && time >= times[next]) next++;
        double length = times[next] - times[next - 1];
        return length <= 0 ? sources[next] : sources[next - 1] + (sources[next] - sources[next - 1]) * (time - times[next - 1]) / length;
    }

    /// <summary>From when to when each syllable is held: short notes go on with the one before.</summary>
    private static (double Start, double End)[] Held(IReadOnlyList<SungNote> notes)
    {
        var held = new List<(double Start, double End)>();
        foreach (SungNote note in notes)
        {
            if (held.Count > 0 && (note.Seconds < ShortestSyllable || held[^1].End - held[^1].Start < ShortestSyllable))
                held[^1] = (held[^1].Start, note.End);
            else
                held.Add((note.Start, note.End));
        }
        return [.. held];
    }

    /// <summary>Samples at 16 kHz. G.722 has no header, so that ffmpeg has to be told.</summary>
    private async Task<float[]> ReadAsync(string file, CancellationToken cancel)
    {
        if (Path.GetExtension(file) != ".g722")
            return AudioFile.Load(file).Resample(Rate).Samples.ToArray();
        using var folder = new ProgramFolder();
        string wave = folder.File("speech.wav");
        (int exitCode, string output) = await folder.RunAsync("ffmpeg", ["-v", "error", "-f", "g722", "-i", file, wave], cancel);
        return exitCode == 0 ? AudioClip.Load(wave).Samples.ToArray()
            : throw new StemJepaException($"{file}: cannot be read by ffmpeg ({output}); install {Package} anew.");
    }

    private static string[] FilesOf((string Folder, string Names) pattern)
    {
        string? folder = Path.GetDirectoryName(pattern.Names);
        return !Directory.Exists(pattern.Folder) ? []
            : [.. Directory.EnumerateFiles(pattern.Folder, Path.GetFileName(pattern.Names), SearchOption.AllDirectories)
                .Where(file => string.IsNullOrEmpty(folder) || Path.GetFileName(Path.GetDirectoryName(file)) == folder)
                .Order(StringComparer.Ordinal)];
    }
}
