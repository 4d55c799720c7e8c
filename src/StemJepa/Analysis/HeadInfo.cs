namespace StemJepa;

/// <summary>One head of <see cref="HeadsInfo"/>. Immutable.</summary>
internal sealed record HeadInfo
{
    /// <summary>The ONNX file: input <c>features</c>, output <c>logits</c>. A plain name inside the model folder.</summary>
    public required string File { get; init; }

    /// <summary>Its SHA-256 in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>What it is shown.</summary>
    public required HeadInput Input { get; init; }

    /// <summary>Its kind: <c>linear</c>, <c>mlp</c> or <c>columns</c>.</summary>
    public required string Network { get; init; }

    /// <summary>Names of the outputs; null where they are classes of tempo or frames of a column.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Recordings that it was fitted to, and that chose it.</summary>
    public required int TrainClips { get; init; }

    /// <inheritdoc cref="TrainClips"/>
    public required int ValidationClips { get; init; }

    /// <summary>Figures on the validation recordings, by metric, 0..1.</summary>
    public required IReadOnlyDictionary<string, double> Validation { get; init; }
}
