using System.Numerics.Tensors;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>The songs of a corpus as coherence reads them: which stems sound in a chunk, and sums of stems. Thread-safe.</summary>
internal sealed class CoherenceAudio(IReadOnlyList<CorpusSong> songs) : ICoherenceSongs, IDisposable
{
    private readonly CorpusAudio _audio = new(songs);

    public int Count => songs.Count;

    public int Length(int song) => _audio.Length(song);

    public IReadOnlyList<Stem> Sounding(int song, int start, int length)
    {
        var samples = new float[length];
        return [.. Stem.Roles.Where(stem =>
        {
            _audio.Read(song, stem.Role, start, samples);
            return CorpusAudio.IsSounding(samples);
        })];
    }

    /// <summary>The sum of some stems of a chunk, 16 kHz.</summary>
    public AudioClip Sum(int song, int start, int length, IEnumerable<Stem> stems)
    {
        float[] sum = new float[length], samples = new float[length];
        foreach (Stem stem in stems)
        {
            _audio.Read(song, stem.Role, start, samples);
            TensorPrimitives.Add(sum, samples, sum);
        }
        return new AudioClip(sum, FrontEndSettings.SampleRate);
    }

    public void Dispose() => _audio.Dispose();
}
