namespace StemJepa.Training.Evaluation;

/// <summary>What a head sees of a recording. One caller at a time.</summary>
internal interface IProbeFeature
{
    /// <summary>Its row in tables and its name in results.</summary>
    string Name { get; }

    /// <summary>Whether a column says of all of a recording what it says of its moment, so that heads may look at columns and be averaged over time.</summary>
    bool HasTellingColumns { get; }

    /// <summary>One row for all of a recording.</summary>
    float[] Pooled(AudioClip clip);

    /// <summary>A row for each column of patches, [0.16 s each, length].</summary>
    /// <returns>The rows one after another, and the length of one.</returns>
    (float[] Rows, int Length) Columns(AudioClip clip);
}
