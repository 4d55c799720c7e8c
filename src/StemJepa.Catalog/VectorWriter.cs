using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace StemJepa;

/// <summary>Appends rows to files of vectors. What it writes is part of the catalogue once the database says so, and not before.</summary>
internal static class VectorWriter
{
    /// <summary>Writes rows from number <paramref name="first"/> on, and flushes them to the disk.</summary>
    /// <param name="path">A file that has the rows before; made anew if there are none.</param>
    /// <param name="header">The catalogue's.</param>
    /// <param name="file">The number of the file.</param>
    /// <param name="first">The first row.</param>
    /// <param name="rows">The rows, read once.</param>
    /// <exception cref="StemJepaException">The file cannot be written.</exception>
    internal static void Append(string path, CatalogHeader header, long file, int first, IEnumerable<VectorRow> rows)
    {
        VectorLayout layout = header.Layout;
        try
        {
            using SafeFileHandle handle = File.OpenHandle(path, first == 0 ? FileMode.Create : FileMode.Open, FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete);
            if (first == 0)
                RandomAccess.Write(handle, VectorFile.Mark(header.CatalogId, file), 0);
            byte[] vectors = new byte[VectorLayout.RowsPerBlock * layout.Stride];
            byte[] refinements = new byte[VectorLayout.RowsPerBlock * layout.RefinementBytes];
            byte[] scales = new byte[VectorLayout.RowsPerBlock * layout.ScaleBytes];
            int count = 0;
            foreach (VectorRow row in rows)
            {
                row.Vector.CopyTo(vectors.AsSpan(count * layout.Stride));
                row.Refinement.CopyTo(refinements.AsSpan(count * layout.RefinementBytes));
                if (layout.ScaleBytes > 0)
                    BinaryPrimitives.WriteSingleLittleEndian(scales.AsSpan(count * layout.ScaleBytes), row.Scale);
                count++;
                if ((first + count) % VectorLayout.RowsPerBlock == 0)
                    WriteBlock();
            }
            WriteBlock();
            RandomAccess.FlushToDisk(handle);

            void WriteBlock()
            {
                if (count == 0)
                    return;
                long end = layout.FileBytes(first + count);
                if (RandomAccess.GetLength(handle) < end)
                    RandomAccess.SetLength(handle, end);
                RandomAccess.Write(handle, vectors.AsSpan(0, count * layout.Stride), layout.Vector(first));
                RandomAccess.Write(handle, refinements.AsSpan(0, count * layout.RefinementBytes), layout.Refinement(first));
                RandomAccess.Write(handle, scales.AsSpan(0, count * layout.ScaleBytes), layout.Scale(first));
                first += count;
                count = 0;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"Cannot write {path}: {error.Message.TrimEnd('.')}; choose a folder that is writable and has space.", error,
                StemJepaErrorKind.Access);
        }
    }
}
