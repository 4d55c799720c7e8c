using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>Passes queries on to a method, and measures how loud their stems are. One caller at a time.</summary>
internal sealed class MeasuredQueries(IRetrievalMethod method) : IRetrievalMethod
{
    private readonly List<double> loudness = [];

    /// <summary>Of each query in turn: how much louder the asked stem is than the rest of the song, in decibels of power; infinite if there is no rest.</summary>
    public IReadOnlyList<double> Loudness => loudness;

    public void Add(AudioClip mix, Stem missing, AudioClip target)
    {
        loudness.Add(10 * Math.Log10(Power(target) / Power(mix)));
        method.Add(mix, missing, target);
    }

    public AffinityMatrix Affinities(CancellationToken cancellationToken = default) => method.Affinities(cancellationToken);

    private static double Power(AudioClip clip) => (double)TensorPrimitives.SumOfSquares(clip.Samples.Span) / clip.Samples.Length;
}
