namespace StemJepa;

/// <summary>What kind of failure a <see cref="StemJepaException"/> reports, for callers that handle some of them.</summary>
public enum StemJepaErrorKind
{
    /// <summary>Data that cannot be used: damaged, empty, or of an unknown format.</summary>
    Data = 0,

    /// <summary>A file or folder that does not exist.</summary>
    NotFound = 1,

    /// <summary>A file that cannot be read or written: permissions, a full disk, a folder where a file should be.</summary>
    Access = 2,

    /// <summary>Embeddings, a catalogue or analysis heads of another model than the one in use.</summary>
    ModelMismatch = 3,

    /// <summary>ONNX Runtime, CUDA or another native library is missing or failed.</summary>
    Runtime = 4,

    /// <summary>A stem that the model in use does not know; <see cref="ModelInfo.Stems"/> lists what it knows.</summary>
    UnknownStem = 5,
}

/// <summary>
/// Data that cannot be used: a damaged audio file, a model folder with a missing or altered file, an embedding of another model.
/// The message is one sentence that names the file or argument, what was found, and what would work; control characters, which file names
/// and damaged files may hold, are escaped in it, such as <c>\u001B</c>.
/// Wrong arguments raise <see cref="ArgumentException"/> instead.
/// </summary>
public class StemJepaException : Exception
{
    /// <summary>Creates the error with its one-sentence message.</summary>
    public StemJepaException(string message, StemJepaErrorKind kind = StemJepaErrorKind.Data) : base(PlainText.Escape(message)) =>
        Kind = kind;

    /// <summary>Creates the error with its one-sentence message and its cause.</summary>
    public StemJepaException(string message, Exception inner, StemJepaErrorKind kind = StemJepaErrorKind.Data)
        : base(PlainText.Escape(message), inner) => Kind = kind;

    /// <summary>What kind of failure this is.</summary>
    public StemJepaErrorKind Kind { get; }
}
