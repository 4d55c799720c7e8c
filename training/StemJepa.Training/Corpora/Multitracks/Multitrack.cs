namespace StemJepa.Training.Corpora;

/// <summary>A song that comes as audio of separate voices (instruments, tracks) instead of MIDI. Thread-safe.</summary>
/// <param name="name">The song's name in the corpus: the collection and the file.</param>
/// <param name="source">Where its file comes from.</param>
/// <param name="canMove">Whether it can be played in another key and tempo.</param>
internal abstract class Multitrack(string name, SourceRecord source, bool canMove)
{
    /// <summary>The longest song in seconds, as for songs of MIDI.</summary>
    public const double LongestSeconds = 240;

    /// <summary>The song's name.</summary>
    public string Name { get; } = name;

    /// <summary>Where its file comes from.</summary>
    public SourceRecord Source { get; } = source;

    /// <summary>Whether it can be played in another key and tempo.</summary>
    public bool CanMove { get; } = canMove;

    /// <summary>True for one song in eight, as for other songs: see <see cref="SongSplit.IsHashedTest"/>.</summary>
    public bool IsTest => SongSplit.IsHashedTest(Name);

    /// <summary>"train" or "test".</summary>
    public string Split => IsTest ? SongSplit.Test : SongSplit.Train;

    /// <summary>What renders it, for its record.</summary>
    public abstract string Renderer { get; }

    /// <summary>A voice by itself: its name, how it is used, and mono samples at 16 kHz from the song's start on.</summary>
    public sealed record Voice(string Name, VoiceUse Use, float[] Samples);

    /// <summary>A key and tempo relative to the song as written; drums keep their pitch.</summary>
    public readonly record struct Move(int Semitones, double Tempo)
    {
        /// <summary>As written.</summary>
        public static Move None { get; } = new(0, 1);
    }

    /// <summary>Renders every voice by itself, in the song's order.</summary>
    /// <param name="move">Key and tempo; as written if the song cannot be moved.</param>
    /// <param name="isDrums">Which voices are drums.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="StemJepaException">The file cannot be rendered.</exception>
    public abstract Task<IReadOnlyList<Voice>> RenderAsync(Move move, Func<int, bool> isDrums, CancellationToken cancel);
}

/// <summary>A song that is a tracker module: its voices are the instruments. Thread-safe.</summary>
internal sealed class TrackerSong(string name, SourceRecord source, byte[] bytes) : Multitrack(name, source, canMove: true)
{
    /// <inheritdoc/>
    public override string Renderer => "libopenmpt";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Voice>> RenderAsync(Move move, Func<int, bool> isDrums, CancellationToken cancel) =>
        Task.Run<IReadOnlyList<Voice>>(() =>
    {
        var module = new TrackerModule(bytes, Source.Path);
        return [.. module.Names.Select((name, i) => new Voice(name, module.Uses[i],
            module.Uses[i].Notes == 0 ? [] : module.Render(v => v == i, isDrums(i) ? 0 : move.Semitones, move.Tempo,
                LongestSeconds / move.Tempo, cancel)))];
    }, cancel);
}
