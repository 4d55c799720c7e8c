namespace StemJepa.Training.Evaluation.Probes.Features;

/// <summary>What a head sees of a recording. One caller at a time.</summary>
internal interface IProbeFeature
{
    /// <summary>Its row in tables and its name in results.</summary>
    string Name { get; }

    /// <summary>One row for all of a recording.</summary>
    float[] Pooled(AudioClip clip);

    /// <summary>A row for each column of patches, [0.16 s each, length].</summary>
    /// <returns>The rows one after another, and the length of one.</returns>
    (float[] Rows, int Length) Columns(AudioClip clip);
}
