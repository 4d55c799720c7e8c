using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StemJepa.Training.Networks;

namespace StemJepa.Training.Corpora;

/// <summary>How the corpus' JSON files are written: snake_case, indented, UTF-8.</summary>
internal static class CorpusJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static T Read<T>(string path) => JsonSerializer.Deserialize<T>(File.ReadAllText(path), Options)!;

    public static void Write<T>(string path, T value) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(value, Options) + "\n")));
}
