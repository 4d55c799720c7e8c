using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>
/// A recording's patches in time, gathered window by window: what <see cref="PatchMean"/> averages away. One column for every 16 frames
/// (0.16 s), 5 x width values each. One caller at a time.
/// </summary>
internal sealed class PatchSequence(int width)
{
    private readonly List<float> _values = [];

    /// <summary>Values of a column: 5 x width, frequency-major as in <see cref="StemEmbedding.Vector"/>.</summary>
    internal int ColumnLength { get; } = ModelEncoder.FrequencyPatches * width;

    /// <summary>Columns so far.</summary>
    internal int Count => _values.Count / ColumnLength;

    /// <summary>The columns in time, [<see cref="Count"/>, <see cref="ColumnLength"/>]; valid until the next <see cref="Add"/>.</summary>
    internal ReadOnlySpan<float> Values => CollectionsMarshal.AsSpan(_values);

    /// <summary>A copy of <see cref="Values"/>.</summary>
    internal float[] ToArray() => [.. _values];

    /// <summary>Adds values to those that are there, from the first on; where one of both has ended, nothing is added.</summary>
    internal void AddTo(ReadOnlySpan<float> columns)
    {
        Span<float> values = CollectionsMarshal.AsSpan(_values);
        int shared = Math.Min(values.Length, columns.Length);
        TensorPrimitives.Add(values[..shared], columns[..shared], values[..shared]);
    }

    /// <summary>Appends the patches of some windows, [windows, 5, <paramref name="timePatches"/>, width].</summary>
    internal void Add(ReadOnlySpan<float> patches, int timePatches)
    {
        int first = Count, windows = patches.Length / (timePatches * ColumnLength);
        CollectionsMarshal.SetCount(_values, _values.Count + patches.Length);
        Span<float> values = CollectionsMarshal.AsSpan(_values);
        for (int window = 0; window < windows; window++)
        {
            for (int frequency = 0; frequency < ModelEncoder.FrequencyPatches; frequency++)
            {
                for (int time = 0; time < timePatches; time++)
                {
                    int column = first + window * timePatches + time;
                    patches[..width].CopyTo(values[(column * ColumnLength + frequency * width)..]);
                    patches = patches[width..];
                }
            }
        }
    }
}
