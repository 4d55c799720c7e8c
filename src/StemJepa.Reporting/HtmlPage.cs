using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Fluid;

namespace StemJepa.Reporting;

/// <summary>HTML pages from embedded Liquid templates; the data is a JSON document, so that page and JSON agree.</summary>
internal static class HtmlPage
{
    private static readonly FluidParser Parser = new();
    private static readonly JsonTypeInfo<JsonElement> Document = HtmlPageJson.Default.JsonElement;

    /// <summary>Fills a template and writes the page in UTF-8. Text is escaped unless the template asks for it raw.</summary>
    /// <param name="stream">The output; it stays open.</param>
    /// <param name="assembly">The assembly that embeds the template.</param>
    /// <param name="template">The resource's name.</param>
    /// <param name="document">
    /// An object. Its properties are the template's variables; the variable <c>json</c> is the whole document, safe within a script
    /// element.
    /// </param>
    public static void Write(Stream stream, Assembly assembly, string template, JsonElement document)
    {
        var context = new TemplateContext(new TemplateOptions());
        foreach (JsonProperty property in document.EnumerateObject())
            context.SetValue(property.Name, ValueOf(property.Value)!);
        context.SetValue("json", JsonSerializer.Serialize(document, Document));
        string page = Parser.Parse(Read(assembly, template)).Render(context, HtmlEncoder.Default);
        stream.Write(Encoding.UTF8.GetBytes(page));
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    private static object? ValueOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(property => property.Name, property => ValueOf(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().Select(ValueOf).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class HtmlPageJson : JsonSerializerContext;
