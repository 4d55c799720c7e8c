namespace StemJepa.Training.Corpora;

/// <summary>A song that is a tracker module: its voices are the instruments. Thread-safe.</summary>
public sealed class TrackerSong(string name, SourceRecord source, byte[] bytes) : Multitrack(name, source, canMove: true)
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
