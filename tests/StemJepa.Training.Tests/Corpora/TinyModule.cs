using System.Buffers.Binary;
using System.Text;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>
/// Writes a small four-channel MOD by hand: one pattern of 64 rows (7.68 s). Sample 1 is a low looped sine, 2 a burst of noise, 3 a high
/// looped sine, 4 a looped sine between.
/// </summary>
internal static class TinyModule
{
    public const double Seconds = 7.68;
    private const int Rows = 64, SampleBytes = 2048;
    private static readonly int[] Periods = [428, 381, 339, 320, 285, 254, 226, 214];

    public static byte[] Write()
    {
        var file = new MemoryStream();
        file.Write(Encoding.ASCII.GetBytes("tiny".PadRight(20, '\0')));
        string[] names = ["low", "hit", "high", "middle"];
        Span<byte> header = stackalloc byte[30];
        for (int i = 0; i < 31; i++)
        {
            header.Clear();
            if (i < names.Length)
            {
                Encoding.ASCII.GetBytes(names[i], header);
                BinaryPrimitives.WriteUInt16BigEndian(header[22..], SampleBytes / 2);
                header[25] = 40;
                if (i != 1) BinaryPrimitives.WriteUInt16BigEndian(header[28..], SampleBytes / 2);
            }
            if (i is 1 or > 3) header[29] = 1;
            file.Write(header);
        }
        file.Write([1, 127, .. new byte[128]]);
        file.Write("M.K."u8);
        for (int row = 0; row < Rows; row++)
        {
            Note(file, row % 8 == 0, 1, row / 8);
            Note(file, row % 4 == 0, 2, 0);
            Note(file, row % 8 == 4, 3, row / 8 + 2);
            Note(file, row % 16 == 0, 4, row / 16 + 1);
        }
        var random = new Random(1);
        foreach (int cycles in (int[])[16, 0, 64, 32])
            for (int i = 0; i < SampleBytes; i++)
                file.WriteByte(unchecked((byte)(sbyte)(cycles > 0 ? 100 * Math.Sin(2 * Math.PI * cycles * i / SampleBytes)
                    : random.Next(-100, 101) * Math.Exp(-i / 250.0))));
        return file.ToArray();
    }

    private static void Note(MemoryStream file, bool plays, int sample, int pitch)
    {
        int period = plays ? Periods[pitch % Periods.Length] : 0;
        file.Write([(byte)(period >> 8), (byte)period, (byte)(plays ? sample << 4 : 0), 0]);
    }
}
