namespace StemJepa.Tool.Output;

/// <summary>What the process returns to the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>Data that cannot be used, or, in <c>rank</c>, <c>embed</c> and <c>index</c>, some files were skipped.</summary>
    public const int BadData = 1;

    /// <summary>The command line is wrong.</summary>
    public const int WrongUse = 2;

    /// <summary>Ctrl-C, as shells report it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}

/// <summary>
/// A command line that cannot be followed. The message is one sentence that names the argument, what was found, and what would work.
/// </summary>
internal sealed class UsageException(string message) : Exception(message);
