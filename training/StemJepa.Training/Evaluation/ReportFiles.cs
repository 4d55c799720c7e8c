namespace StemJepa.Training.Evaluation;

/// <summary>Where an evaluation's figures go besides the terminal: a JSON file or standard output, and a picture.</summary>
internal static class ReportFiles
{
    /// <summary>Writes what is asked for.</summary>
    /// <param name="json">A file, <c>-</c> for standard output, or null.</param>
    /// <param name="plot">A PNG file, or null.</param>
    /// <param name="write">Writes the JSON.</param>
    /// <param name="render">Draws the picture.</param>
    /// <returns>Whether standard output is taken by the JSON, so that nothing else may go there.</returns>
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
