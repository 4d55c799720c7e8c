namespace StemJepa;

/// <summary>What heads may be shown of a recording.</summary>
/// <param name="Embedding">Its embedding.</param>
/// <param name="Columns">The columns of patches that it is the mean of, [columns, 5 x width].</param>
/// <param name="MelDynamics">Its <see cref="StemJepa.MelDynamics"/>, [columns, 240].</param>
/// <param name="Chroma">Its <see cref="Chromagram"/>, [frames, 12].</param>
internal sealed record HeadFeatures(StemEmbedding Embedding, float[] Columns, float[] MelDynamics, float[] Chroma);
