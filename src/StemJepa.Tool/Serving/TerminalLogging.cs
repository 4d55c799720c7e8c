using Microsoft.Extensions.Logging;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Serving;

/// <summary>Writes warnings and errors of the server to standard error, one line each. Thread-safe.</summary>
internal sealed class TerminalLogging(Terminal terminal) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        // A client that cancels its call knows.
        if (!IsEnabled(logLevel) || exception is OperationCanceledException)
            return;
        string line = formatter(state, exception);
        terminal.WriteWarning(exception is null ? line : $"{line}: {Failure.Describe(exception).Sentence}");
    }

    public void Dispose()
    {
    }
}
