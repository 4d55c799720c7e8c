namespace StemJepa.Tool;

/// <summary>A command line that cannot be followed. The message is one sentence that names the argument, what was found, and what would work.</summary>
internal sealed class UsageException(string message) : Exception(message);
