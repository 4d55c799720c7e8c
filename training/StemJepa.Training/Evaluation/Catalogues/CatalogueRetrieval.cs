using System.Globalization;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Retrieval the way a user of a catalogue does it: targets are kept in a <see cref="StemCatalog"/> on disk, and what a mix lacks is searched in it.
/// </summary>
/// <param name="model">Makes the embeddings.</param>
internal sealed class CatalogueRetrieval(IStemAffinity model) : IRetrievalMethod
{
    private readonly List<StemEmbedding> predictions = [], targets = [];

    public void Add(AudioClip mix, Stem missing, AudioClip target)
    {
        predictions.Add(model.Predict(mix, missing));
        targets.Add(model.Embed(target));
    }

    /// <summary>Without a catalogue: the comparison of <see cref="EmbeddingRetrieval"/>.</summary>
    public AffinityMatrix Affinities(CancellationToken cancellationToken = default) => AffinityMatrix.OfDistances(
        [.. predictions.Select(prediction => LayerNormed.Of(prediction.Vector.Span))], [.. targets.Select(target => LayerNormed.Of(target.Vector.Span))], cancellationToken);

    /// <summary>Keeps all targets in a new catalogue.</summary>
    /// <param name="folder">Where it is made.</param>
    /// <param name="precision">How it keeps values.</param>
    public void Fill(string folder, CatalogPrecision precision)
    {
        using CatalogWriter writer = CatalogWriter.Open(folder, model.Model, precision);
        for (int i = 0; i < targets.Count; i++)
            writer.Set(new CatalogEntry { Id = i.ToString(CultureInfo.InvariantCulture), IsSilent = targets[i].IsSilent }, targets[i]);
        writer.Commit();
    }

    /// <summary>The affinities of all queries and targets that a catalogue's answers give.</summary>
    public AffinityMatrix Affinities(StemCatalog catalog, CancellationToken cancellationToken = default)
    {
        var matrix = new AffinityMatrix(predictions.Count);
        for (int query = 0; query < predictions.Count; query++)
        {
            Span<float> row = matrix.Row(query);
            row.Fill(float.NaN);
            foreach (CatalogMatch match in Search(catalog, query, targets.Count, cancellationToken))
                row[int.Parse(match.Entry.Id, CultureInfo.InvariantCulture)] = match.Affinity;
        }
        return matrix;
    }

    /// <summary>The share of the <paramref name="top"/> truly best targets that a search for as many returns, over all queries; 0..1.</summary>
    /// <param name="catalog">The catalogue.</param>
    /// <param name="exact">The affinities without it.</param>
    /// <param name="top">How many targets are asked for.</param>
    /// <param name="cancellationToken">Ends a long search early.</param>
    public double RecallOfBest(StemCatalog catalog, AffinityMatrix exact, int top, CancellationToken cancellationToken = default)
    {
        top = Math.Min(top, targets.Count);
        int found = 0;
        for (int query = 0; query < predictions.Count; query++)
        {
            float[] row = exact.Row(query).ToArray();
            int[] order = [.. Enumerable.Range(0, row.Length).OrderByDescending(target => row[target]).Take(top)];
            found += Search(catalog, query, top, cancellationToken).Count(match => order.Contains(int.Parse(match.Entry.Id, CultureInfo.InvariantCulture)));
        }
        return (double)found / (top * predictions.Count);
    }

    private IReadOnlyList<CatalogMatch> Search(StemCatalog catalog, int query, int top, CancellationToken cancellationToken) =>
        catalog.Search(predictions[query], top, new CatalogFilter { IncludeSilent = true }, cancellationToken);
}
