using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>What is known of the song that a query is about.</summary>
/// <param name="Key">Its key; null if it is unknown.</param>
/// <param name="Tempo">Beats a minute: of the beats of composed songs, else the first tempo that is written; null if unknown.</param>
/// <param name="Soundfont">What plays it; null if unknown.</param>
/// <param name="IsReal">Whether people wrote it.</param>
internal sealed record QueryFacts(MusicalKey? Key, double? Tempo, string? Soundfont, bool IsReal)
{
    public static QueryFacts Of(CorpusSong song)
    {
        bool isReal = new RetrievalQuery(song.Name, Stem.Bass).IsReal;
        if (!File.Exists(Path.Combine(song.Folder, SongRecord.FileName)))
            return new QueryFacts(null, null, null, isReal);
        SongRecord record = SongRecord.Load(song.Folder);
        return new QueryFacts(
            SongFacts.Key(record) is { } key ? MusicalKey.FromNumber(key) : null,
            SongFacts.Tempo(record.Beats) ?? record.TempoMap.Select(tempo => (double?)tempo.Bpm).FirstOrDefault(),
            record.Soundfont, isReal);
    }
}
