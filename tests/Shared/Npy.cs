using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace StemJepa.TestSupport;

/// <summary>Reads little-endian float32, C-ordered <c>.npy</c> files (format 1.0), as the golden files are.</summary>
internal static class Npy
{
    public static (float[] Values, int[] Shape) Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int headerLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        string header = Encoding.ASCII.GetString(bytes, 10, headerLength);
        if (!header.Contains("'<f4'") || !header.Contains("'fortran_order': False"))
            throw new InvalidDataException($"{path}: unexpected header {header}");
        int[] shape = Regex.Match(header, @"'shape': \(([^)]*)\)").Groups[1].Value
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(int.Parse).ToArray();
        var values = new float[shape.Aggregate(1, (a, b) => a * b)];
        Buffer.BlockCopy(bytes, 10 + headerLength, values, 0, values.Length * 4);
        return (values, shape);
    }
}
