using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace StemJepa.Tool.Output;

/// <summary>Standard output for results (tables, or one JSON document), standard error for progress, warnings and errors.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    /// <summary>Wide enough that no path is cut when output goes to a file or a pipe.</summary>
    private const int RedirectedWidth = 1000;

    private readonly IAnsiConsole _output = CreateConsole(output);
    private readonly IAnsiConsole _error = CreateConsole(error);
    private readonly HashSet<string> _warned = [];

    public void WriteJson<T>(T document, JsonTypeInfo<T> type) => output.WriteLine(JsonSerializer.Serialize(document, type));

    public void Write(IRenderable renderable) => _output.Write(renderable);

    /// <summary>Writes a document of several lines as it is.</summary>
    public void WriteText(string text) => output.WriteLine(text);

    public void WriteLine(string line) => output.WriteLine(PlainText.Escape(line));

    public void WriteError(string sentence) => error.WriteLine($"stemjepa: {PlainText.Escape(sentence)}");

    public void WriteWarning(string sentence) => error.WriteLine($"warning: {PlainText.Escape(sentence)}");

    /// <summary>Writes a warning, unless this wrote it before: a recording may be embedded first, and then fitted.</summary>
    public void WriteWarningOnce(string sentence)
    {
        if (_warned.Add(sentence))
            WriteWarning(sentence);
    }

    /// <summary>
    /// Runs <paramref name="work"/> under a progress bar of <paramref name="items"/> steps on standard error; without a bar when standard
    /// error is not a terminal. Nothing else may be written to the terminal meanwhile.
    /// </summary>
    public T Track<T>(string title, int items, Func<WorkProgress, T> work) => WorkProgress.Track(_error, title, items, work);

    private static IAnsiConsole CreateConsole(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = RedirectedWidth;
        return console;
    }
}
