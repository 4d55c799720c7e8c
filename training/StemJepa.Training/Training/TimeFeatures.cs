using System.Numerics.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace StemJepa.Training.Training;

/// <summary>
/// Pitch classes and onsets of the targets of a batch, patch by patch, as <see cref="StemCoherence"/> compares them, before recording
/// conditions change them: by these the cosines of patches are taught what sounds when. Rows are written by one thread.
/// </summary>
/// <param name="pairs">Targets.</param>
/// <param name="time">Time patches of each.</param>
internal sealed class TimeFeatures(int pairs, int time)
{
    private const int Classes = Chromagram.Classes, PatchFrames = FrontEndSettings.PatchFrames;
    /// <summary>Patches of a batch that are compared, at most.</summary>
    private const int MostPatches = 1024;

    private const int PatchSamples = PatchFrames * FrontEndSettings.Hop;

    private readonly float[] _pitchClasses = new float[pairs * time * Classes], _onsets = new float[pairs * time * PatchFrames];

    /// <summary>[pairs, time, 12]: the products of two rows are the correlations of the pitch classes of two patches.</summary>
    public ReadOnlySpan<float> PitchClasses => _pitchClasses;

    /// <summary>[pairs, time, 16]: the mean over time of the products of two windows' rows is the correlation of their onsets.</summary>
    public ReadOnlySpan<float> Onsets => _onsets;

    /// <summary>Computes a row.</summary>
    /// <param name="row">The target.</param>
    /// <param name="samples">Its window, 16 kHz mono.</param>
    public void Put(int row, ReadOnlySpan<float> samples)
    {
        // Half a patch of silence ahead, so that the second frame is centred on the first patch, and so on.
        PitchClassCurve.Compute([.. new float[PatchSamples / 2], .. samples], PatchSamples).Values.Slice(Classes, time * Classes)
            .CopyTo(_pitchClasses.AsSpan(row * time * Classes));
        Span<float> onsets = _onsets.AsSpan(row * time * PatchFrames, time * PatchFrames);
        OnsetCurve.FromDynamics(BandDynamics.Compute(samples, default)).Values.Span[..onsets.Length].CopyTo(onsets);
        TensorPrimitives.Subtract(onsets, TensorPrimitives.Sum<float>(onsets) / onsets.Length, onsets);
        float norm = TensorPrimitives.Norm<float>(onsets);
        TensorPrimitives.Multiply(onsets, norm > 0 ? MathF.Sqrt(time) / norm : 0, onsets);
    }

    /// <summary>
    /// How far the cosines of predicted with recorded patches, all of them or every n-th, are from following how alike the patches'
    /// features are: 1 - their correlation, of each feature times its weight. 0..2 x the sum of the weights.
    /// </summary>
    /// <param name="predictions">Predicted patches, [pairs, time, width], of unit length.</param>
    /// <param name="recordings">The recordings' patches, shaped as they are.</param>
    /// <param name="settings">The weights.</param>
    public Tensor Loss(Tensor predictions, Tensor recordings, TrainingSettings settings)
    {
        int every = (pairs * time + MostPatches - 1) / MostPatches;
        Tensor cosines = Centred(Some(predictions.flatten(0, 1)).matmul(Some(recordings.flatten(0, 1)).t()).to(ScalarType.Float32));
        return settings.PitchClassWeight * Distance(_pitchClasses, Classes) + settings.OnsetWeight * Distance(_onsets, PatchFrames);

        Tensor Distance(float[] features, int length)
        {
            Tensor rows = Some(tensor(features, [pairs * time, length])), alike = Centred(rows.matmul(rows.t()));
            return 1 - nn.functional.cosine_similarity(cosines, alike, dim: 0, eps: 1e-8);
        }

        Tensor Some(Tensor rows) => rows.slice(0, 0, pairs * time, every);
    }

    private static Tensor Centred(Tensor values)
    {
        Tensor all = values.flatten();
        return all - all.mean();
    }
}
