#:package ScottPlot
// Draws icon.png, the icon of all packages: dotnet run src/icon/icon.cs
using SkiaSharp;

const int size = 128, bars = 9, rows = 4, missing = 2;
float[] heights = [0.35f, 0.7f, 0.5f, 1f, 0.6f, 0.85f, 0.4f, 0.65f, 0.3f];

using var bitmap = new SKBitmap(size, size);
using var canvas = new SKCanvas(bitmap);
canvas.Clear(SKColors.Transparent);
using var paint = new SKPaint { IsAntialias = true, Color = new SKColor(0x1B, 0x26, 0x3B) };
canvas.DrawRoundRect(new SKRect(0, 0, size, size), 24, 24, paint);
for (int row = 0; row < rows; row++)
{
    paint.Color = row == missing ? new SKColor(0xFF, 0xB7, 0x03) : new SKColor(0x8E, 0xCA, 0xE6);
    for (int bar = 0; bar < bars; bar++)
    {
        float height = 20 * heights[(bar + 2 * row) % bars], x = 16 + 11 * bar, middle = 25 + 26 * row;
        canvas.DrawRoundRect(new SKRect(x, middle - height / 2, x + 7, middle + height / 2), 3, 3, paint);
    }
}
using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
string folder = Path.GetDirectoryName((string)AppContext.GetData("EntryPointFilePath")!)!;
File.WriteAllBytes(Path.Combine(folder, "icon.png"), png.ToArray());
