using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace StemJepa.Tool.Output;

/// <summary>How many items are done of how many, and how fast they go.</summary>
internal sealed class ItemsColumn : ProgressColumn
{
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(string.Create(CultureInfo.InvariantCulture,
        $"{(long)task.Value}/{(long)task.MaxValue}{(task.Speed is { } speed ? $"  {speed:0.0}/s" : "")}"));
}
