using System.Globalization;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>Beat and bar length of a song, in seconds.</summary>
/// <param name="Beat">From one beat to the next.</param>
/// <param name="Bar">From one bar to the next.</param>
internal sealed record SongTiming(double Beat, double Bar)
{
    private const int QuartersOfWhole = 4;

    /// <summary>Reads the timing of a song near a time; null if it has no record.</summary>
    /// <exception cref="StemJepaException">Its record is damaged.</exception>
    public static SongTiming? FromSong(CorpusSong song, double seconds) =>
        File.Exists(Path.Combine(song.Folder, SongRecord.FileName)) ? FromRecord(SongRecord.Load(song.Folder), seconds) : null;

    /// <summary>
    /// Of composed songs, the median of the beats and of the bars; of others, a quarter note of the tempo that is written there, and a bar
    /// of the first time signature, or of four quarter notes if there is none.
    /// </summary>
    public static SongTiming? FromRecord(SongRecord song, double seconds)
    {
        if (Median(song.Beats) is { } beat)
            return new SongTiming(beat, Median(song.Downbeats) ?? beat * QuartersOfBar(song.Metre));
        TempoRecord? tempo = song.TempoMap.LastOrDefault(tempo => tempo.Seconds <= seconds) ?? song.TempoMap.FirstOrDefault();
        return tempo is { Bpm: > 0 } ? new SongTiming(60 / tempo.Bpm, 60 / tempo.Bpm * QuartersOfBar(song.Metre)) : null;
    }

    private static double? Median(IReadOnlyList<double>? times) => 60 / SongFacts.Tempo(times);

    private static double QuartersOfBar(string? metre) =>
        metre?.Split('/') is [string beats, string unit] && Parse(beats) is { } count && Parse(unit) is { } part
            ? QuartersOfWhole * count / part : QuartersOfWhole;

    private static double? Parse(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
        && value > 0 ? value : null;
}
