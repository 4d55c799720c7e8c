using ScottPlot;
using SkiaSharp;

namespace StemJepa.Reporting;

/// <summary>The embedded font DejaVu Sans, so that pictures have text on machines without any font.</summary>
internal sealed class PictureFont : IFontResolver
{
    public const string Name = "DejaVu Sans";
    private const string Resource = "DejaVuSans.ttf";

    private static readonly Lazy<bool> Registration = new(() =>
    {
        Fonts.FontResolvers.Insert(0, new PictureFont());
        Fonts.Default = Name;
        return true;
    });

    /// <summary>Creates an empty plot with the embedded font; the caller disposes of it.</summary>
    public static Plot CreatePlot()
    {
        Register();
        var plot = new Plot();
        plot.Font.Set(Name);
        return plot;
    }

    /// <summary>Registers the font with ScottPlot as its default; further calls do nothing. Thread-safe.</summary>
    public static void Register() => _ = Registration.Value;

    /// <summary>Creates the font for drawing with SkiaSharp; the caller disposes of it.</summary>
    public static SKTypeface CreateTypeface()
    {
        using Stream font = typeof(PictureFont).Assembly.GetManifestResourceStream(Resource)!;
        return SKTypeface.FromStream(font);
    }

    /// <summary>The text of its licence.</summary>
    public static string ReadLicense()
    {
        using var reader = new StreamReader(typeof(PictureFont).Assembly.GetManifestResourceStream("DejaVuSans.license.txt")!);
        return reader.ReadToEnd();
    }

    SKTypeface? IFontResolver.CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Name ? CreateTypeface() : null;

    SKTypeface? IFontResolver.CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? CreateTypeface() : null;
}
