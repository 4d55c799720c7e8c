namespace StemJepa;

/// <summary>
/// Data that cannot be used: a damaged audio file, a model folder with a missing or altered file, an embedding of another model.
/// The message is one sentence that names the file or argument, what was found, and what would work.
/// Wrong arguments raise <see cref="ArgumentException"/> instead.
/// </summary>
public class StemJepaException : Exception
{
    /// <summary>Creates the error with its one-sentence message.</summary>
    public StemJepaException(string message) : base(message) { }

    /// <summary>Creates the error with its one-sentence message and what caused it.</summary>
    public StemJepaException(string message, Exception inner) : base(message, inner) { }
}
