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
