using System.Text.Json;
using System.Text.Json.Serialization;
using CsCheck;

namespace StemJepa.Tests;

public sealed partial class StemTests
{
    private const string Characters = "abcdefghijklmnopqrstuvwxyz0123456789-";

    private static readonly Gen<string> Name = Gen.Select(Gen.Char[Characters[..^1]], Gen.Char[Characters].Array[0, 31],
        (first, rest) => first + new string(rest));

    [Fact]
    public void Roles_are_in_the_order_of_the_model_and_the_default_is_bass()
    {
        Assert.Equal(["bass", "drums", "other", "vocals"], Stem.Roles.Select(stem => stem.Name));
        Assert.Equal([Stem.Bass, Stem.Drums, Stem.Other, Stem.Vocals], Stem.Roles);
        Assert.Equal([0, 1, 2, 3], Stem.Roles.Select(stem => stem.Role));
        Assert.Equal(Stem.Bass, default);
        Assert.Equal(Stem.Bass.GetHashCode(), default(Stem).GetHashCode());
        Assert.Equal("bass", default(Stem).ToString());
        Assert.Equal("\"bass\"", JsonSerializer.Serialize(default, StemJson.Default.Stem));
    }

    [Fact]
    public void Tables_by_role_take_other_for_stems_beyond_the_roles()
    {
        Assert.Equal((false, Stem.Other.Role), (Stem.Parse("guitar").IsRole, Stem.Parse("guitar").Role));
        Assert.All(Stem.Roles, stem => Assert.True(stem.IsRole));
    }

    [Fact]
    public void Names_read_back_to_the_same_stem_in_capitals_too_and_as_json() => Name.Sample(name =>
    {
        Stem stem = Stem.Parse(name);
        Assert.Equal((name, name), (stem.Name, stem.ToString()));
        Assert.Equal(stem, Stem.Parse(name.ToUpperInvariant()));
        Assert.Equal($"\"{name}\"", JsonSerializer.Serialize(stem, StemJson.Default.Stem));
        Assert.Equal(stem, JsonSerializer.Deserialize($"\"{name}\"", StemJson.Default.Stem));
        string counts = JsonSerializer.Serialize(new Dictionary<Stem, int> { [stem] = 3 }, StemJson.Default.DictionaryStemInt32);
        Assert.Equal($"{{\"{name}\":3}}", counts);
        Assert.Equal(3, JsonSerializer.Deserialize(counts, StemJson.Default.DictionaryStemInt32)![stem]);
    });

    [Fact]
    public void Stems_are_equal_if_their_names_are_and_order_by_role_and_then_by_name() => Gen.Select(Some, Some, Some).Sample((a, b, c) =>
    {
        bool areEqual = string.Equals(a.Name, b.Name, StringComparison.Ordinal);
        Assert.Equal(areEqual, a == b);
        Assert.Equal(areEqual, !(a != b));
        Assert.Equal(areEqual, a.Equals((object)b));
        Assert.Equal(areEqual, a.CompareTo(b) == 0);
        Assert.True(!areEqual || a.GetHashCode() == b.GetHashCode());
        Stem[] sorted = [.. new[] { a, b, c }.Order()];
        IEnumerable<Stem> oracle = new[] { a, b, c }.OrderBy(stem => Stem.Roles.Contains(stem) ? stem.Role : 4)
            .ThenBy(stem => stem.Name, StringComparer.Ordinal);
        Assert.Equal(oracle, sorted);
    });

    [Theory]
    [InlineData("")]
    [InlineData("-guitar")]
    [InlineData("lead guitar")]
    [InlineData(" guitar")]
    [InlineData("guitar\n")]
    [InlineData("gitarre\u00e4")]
    [InlineData("\u212Aeys")] // The Kelvin sign, whose small letter is k.
    [InlineData("bass\0")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefg")]
    public void Other_texts_are_no_names(string text)
    {
        Assert.False(Stem.TryParse(text, out Stem stem));
        Assert.Equal(default, stem);
        string message = Assert.Throws<FormatException>(() => Stem.Parse(text)).Message;
        Assert.DoesNotContain('\n', message);
        string json = JsonSerializer.Serialize(text, StemJson.Default.String);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, StemJson.Default.Stem));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize($"{{{json}:1}}", StemJson.Default.DictionaryStemInt32));
    }

    [Fact]
    public void Null_is_no_stem()
    {
        Assert.False(Stem.TryParse(null, out _));
        Assert.Throws<ArgumentNullException>(() => Stem.Parse(null!));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("null", StemJson.Default.Stem));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("0", StemJson.Default.Stem));
        Assert.Null(JsonSerializer.Deserialize("null", StemJson.Default.NullableStem));
    }

    private static Gen<Stem> Some => Gen.OneOf(Gen.Int[0, 5].Select(i => i < 4 ? Stem.Roles[i] : i == 4 ? default : Stem.Parse("guitar")),
        Name.Select(name => Stem.Parse(name)));

    [JsonSerializable(typeof(Stem))]
    [JsonSerializable(typeof(Stem?))]
    [JsonSerializable(typeof(string))]
    [JsonSerializable(typeof(Dictionary<Stem, int>))]
    private sealed partial class StemJson : JsonSerializerContext;
}
