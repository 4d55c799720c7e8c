namespace StemJepa;

/// <summary>A row that a search came by. The better one is the greater one: higher affinity, at equal affinity the earlier row.</summary>
internal readonly record struct Candidate(float Affinity, int Row) : IComparable<Candidate>
{
    public int CompareTo(Candidate other)
    {
        int order = Affinity.CompareTo(other.Affinity);
        return order != 0 ? order : other.Row.CompareTo(Row);
    }
}
