namespace StemJepa.Training.Evaluation;

/// <summary>A method with its figures.</summary>
/// <param name="Name">One of the names in <see cref="RetrievalReport"/>.</param>
/// <param name="All">Over all songs.</param>
/// <param name="Real">Over the real songs alone, ranked among themselves; null if there are none.</param>
internal sealed record MeasuredMethod(string Name, RetrievalResult All, RetrievalResult? Real)
{
    public static MeasuredMethod Of(string name, IReadOnlyList<RetrievalQuery> queries, AffinityMatrix affinities) =>
        new(name, RetrievalResult.Of(queries, affinities), RetrievalResult.OfRealSongs(queries, affinities));
}
