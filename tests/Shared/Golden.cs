namespace StemJepa.TestSupport;

/// <summary>Paths of the golden files, copied beside the test assembly.</summary>
internal static class Golden
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "golden", name);

    public static (float[] Values, int[] Shape) Npy(string name) => TestSupport.Npy.Read(PathOf(name));
}
