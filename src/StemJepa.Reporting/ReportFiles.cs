namespace StemJepa.Reporting;

/// <summary>Writes the results of a measurement: JSON to a file or to standard output, and a plot.</summary>
internal static class ReportFiles
{
    /// <summary>Writes the JSON and the plot, where they are asked for.</summary>
    /// <param name="json">A file, <c>-</c> for standard output, or null.</param>
    /// <param name="plot">A PNG file, or null.</param>
    /// <param name="write">Writes the JSON.</param>
    /// <param name="render">Renders the plot as PNG.</param>
    /// <returns>Whether the JSON went to standard output, so that nothing else may be written there.</returns>
    public static async Task<bool> WriteAsync(string? json, string? plot, Action<Stream> write, Func<byte[]> render)
    {
        if (plot is not null)
            AtomicFile.Write(plot, stream => stream.Write(render()));
        if (json == "-")
        {
            await using Stream output = Console.OpenStandardOutput();
            write(output);
            return true;
        }
        if (json is not null)
            AtomicFile.Write(json, write);
        return false;
    }
}
