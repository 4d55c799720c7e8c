using System.Buffers;

namespace StemJepa.Training.Training;

/// <summary>One step's log-mels, [Count, 80, Frames] row by row, with what the losses need to know of each row.</summary>
/// <param name="LogMels">Normalised values, perhaps with room behind them; the pool's again after <see cref="Dispose"/>.</param>
/// <param name="Count">Spectrograms.</param>
/// <param name="Frames">Frames of each.</param>
internal abstract record Batch(float[] LogMels, int Count, int Frames) : IDisposable
{
    public void Dispose() => ArrayPool<float>.Shared.Return(LogMels);
}

/// <summary>
/// A batch of the contrastive stage: for each of <paramref name="Windows"/> windows the four stems and a mix of some of them; row
/// <c>view * Windows + window</c>, view 4 being the mix.
/// </summary>
/// <param name="Active">[view * Windows + window]: whether the row is to be used.</param>
/// <param name="InMix">[stem * Windows + window]: whether the stem is part of the mix.</param>
internal sealed record ContrastiveBatch(float[] LogMels, int Frames, int Windows, bool[] Active, bool[] InMix)
    : Batch(LogMels, 5 * Windows, Frames);

/// <summary>A batch of the JEPA stage: a context for each of <paramref name="Stems"/>, then their targets in the same order.</summary>
/// <param name="Stems">The missing stem of every context.</param>
internal sealed record JepaBatch(float[] LogMels, int Frames, int[] Stems) : Batch(LogMels, 2 * Stems.Length, Frames)
{
    public int Pairs => Stems.Length;
}
