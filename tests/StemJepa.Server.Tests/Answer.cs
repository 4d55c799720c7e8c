using System.Net;
using System.Text.Json;

namespace StemJepa.Server.Tests;

/// <summary>Reads answers of the server.</summary>
internal static class Answer
{
    public static async Task<JsonElement> Json(this Task<HttpResponseMessage> asked)
    {
        using HttpResponseMessage response = await asked;
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>It is a problem document of this status; returns its sentence.</summary>
    public static async Task<string> Refused(this Task<HttpResponseMessage> asked, HttpStatusCode status)
    {
        using HttpResponseMessage response = await asked;
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        string sentence = problem.GetProperty("detail").GetString()!;
        Assert.EndsWith(".", sentence);
        Assert.DoesNotContain("   at ", text);
        return sentence;
    }
}
