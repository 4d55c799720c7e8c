namespace StemJepa;

/// <summary>
/// The log-mel that an encoder is shown, cut into columns of patches: 80 bands x 16 frames every 0.16 s, band by band. Memory grows with the recording, some
/// 2 MB a minute. One caller at a time.
/// </summary>
internal sealed class LogMelColumns
{
    /// <summary>Values of a column.</summary>
    internal const int ColumnLength = FrontEndSettings.MelBands * ModelEncoder.PatchSize;

    private readonly List<float> _values = [];

    /// <summary>The columns in time, [columns, 1280].</summary>
    internal float[] ToArray() => [.. _values];

    /// <summary>Appends some windows, [windows, 80, 16 x <paramref name="timePatches"/>].</summary>
    internal void Add(ReadOnlySpan<float> logMel, int timePatches)
    {
        int frames = timePatches * ModelEncoder.PatchSize;
        for (; logMel.Length > 0; logMel = logMel[(FrontEndSettings.MelBands * frames)..])
        {
            for (int start = 0; start < frames; start += ModelEncoder.PatchSize)
            {
                for (int band = 0; band < FrontEndSettings.MelBands; band++)
                    _values.AddRange(logMel.Slice(band * frames + start, ModelEncoder.PatchSize));
            }
        }
    }
}
