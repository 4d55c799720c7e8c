using System.Text.Json;

namespace StemJepa.Tool.Tests;

/// <summary>What one run of the tool left behind.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as JSON; fails unless it is exactly one document.</summary>
    public JsonElement Json
    {
        get
        {
            using JsonDocument document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }

    /// <summary>
    /// Standard error is one line that names <paramref name="named"/>, standard output is empty, and no stack trace shows.
    /// </summary>
    public ToolResult IsRefused(int exitCode, string named)
    {
        Assert.Equal("", Output);
        string sentence = Assert.Single(Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("stemjepa: ", sentence);
        Assert.Contains(named, sentence);
        HasNoStackTrace();
        Assert.Equal(exitCode, ExitCode);
        return this;
    }

    public ToolResult HasNoStackTrace()
    {
        Assert.DoesNotContain("   at ", Error);
        Assert.DoesNotContain("Exception", Error);
        return this;
    }

    public static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];
}
