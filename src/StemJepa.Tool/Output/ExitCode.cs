using System.ComponentModel;

namespace StemJepa.Tool.Output;

/// <summary>What the process returns to the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>Data that cannot be used, or, in commands that take several files, some files were skipped.</summary>
    public const int BadData = 1;

    /// <summary>The command line is wrong.</summary>
    public const int WrongUse = 2;

    /// <summary>Ctrl-C or SIGTERM, as shells report the former: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}

/// <summary>
/// A command line that cannot be followed. The message is one sentence that names the argument, what was found, and what would work.
/// </summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>What ends a whole batch: the place where results go has failed, not a file.</summary>
internal sealed class BatchFailure(Exception cause) : Exception(cause.Message, cause);

/// <summary>How failures are told.</summary>
internal static class Failure
{
    /// <summary>The exit code and the one sentence for an exception.</summary>
    internal static (int Code, string Sentence) Describe(Exception exception) => exception switch
    {
        OperationCanceledException => (ExitCode.Interrupted, "Interrupted; no file was left half-written."),
        BatchFailure { InnerException: { } cause } => Describe(cause),
        UsageException or StemJepaException { Kind: StemJepaErrorKind.UnknownStem } => (ExitCode.WrongUse, exception.Message),
        StemJepaException or IOException or UnauthorizedAccessException => (ExitCode.BadData, OneLine(exception.Message)),
        TypeInitializationException or DllNotFoundException or Win32Exception => (ExitCode.BadData,
            $"A native library or program could not be loaded: {OneLine(exception.GetBaseException().Message)}"),
        _ => (ExitCode.BadData, $"Unexpected {exception.GetType().Name}: {OneLine(exception.Message)}"),
    };

    private static string OneLine(string message) => string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
