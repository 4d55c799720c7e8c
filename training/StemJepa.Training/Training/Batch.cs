using System.Buffers;

namespace StemJepa.Training.Training;

/// <summary>One step's log-mels, [Count, 80, Frames] row by row, with the facts about each row that the losses need.</summary>
/// <param name="LogMels">Normalised values, perhaps followed by unused space; returned to the pool by <see cref="Dispose"/>.</param>
/// <param name="Count">Spectrograms.</param>
/// <param name="Frames">Frames of each.</param>
internal abstract record Batch(float[] LogMels, int Count, int Frames) : IDisposable
{
    public void Dispose() => ArrayPool<float>.Shared.Return(LogMels);
}

/// <summary>
/// A batch of the contrastive stage: for each of <paramref name="Windows"/> windows the four stems and a mix of some of them; row <c>view *
/// Windows + window</c>, view 4 being the mix.
/// </summary>
/// <param name="Active">[view * Windows + window]: whether the row is to be used.</param>
/// <param name="InMix">[stem * Windows + window]: whether the stem is part of the mix.</param>
internal sealed record ContrastiveBatch(float[] LogMels, int Frames, int Windows, bool[] Active, bool[] InMix)
    : Batch(LogMels, 5 * Windows, Frames)
{
    /// <summary>[stem, window, window]: whether the stem plays the same music in two windows; <c>null</c> where none does.</summary>
    public RepeatFlags? Repeats { get; init; }
}

/// <summary>A batch of the JEPA stage: a context for each of <paramref name="Stems"/>, then their targets in the same order.</summary>
/// <param name="Stems">The label of the missing stem of every context: a role, or a family after the roles.</param>
internal sealed record JepaBatch(float[] LogMels, int Frames, int[] Stems) : Batch(LogMels, 2 * Stems.Length, Frames)
{
    public int Pairs => Stems.Length;

    /// <summary>
    /// By how many time patches each target's window begins later than its context's; <c>null</c> where all begin together.
    /// </summary>
    public int[]? Shifts { get; init; }

    /// <summary>[pair, label]: weights of the stems' vectors in the label; <c>null</c> where the missing stems say it.</summary>
    public float[]? Labels { get; init; }

    /// <summary>[pair, pair]: whether two targets are the same music; <c>null</c> where none are.</summary>
    public RepeatFlags? Repeats { get; init; }

    /// <summary>What of the targets the cosines are taught to follow; <c>null</c> for nothing.</summary>
    public TimeFeatures? Features { get; init; }
}
