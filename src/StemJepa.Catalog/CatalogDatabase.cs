using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StemJepa;

/// <summary>One connection to a catalogue's database, whose errors are one sentence. Not thread-safe.</summary>
internal sealed class CatalogDatabase : IDisposable
{
    private const int LongestMessage = 160;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SqliteConnection _connection;
    private readonly string _path;

    private CatalogDatabase(string folder, SqliteOpenMode mode, bool isImmutable)
    {
        (Folder, _path) = (folder, CatalogFiles.Database(folder));
        string full = Path.GetFullPath(_path);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = isImmutable ? $"{new Uri(full).AbsoluteUri}?immutable=1" : full,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 10,
        }.ToString());
        try
        {
            Guard(() =>
            {
                _connection.Open();
                _connection.CreateFunction(EntryCondition.UpperFunction, (string? text) => text?.ToUpperInvariant(), isDeterministic: true);
                Execute("PRAGMA trusted_schema = 0; PRAGMA cell_size_check = 1; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");
                CatalogSchema.Check(_path, sql => Number(sql), name => Text("SELECT sql FROM sqlite_schema WHERE name = @name",
                    ("@name", name)));
                return true;
            });
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    internal string Folder { get; }

    /// <summary>Opens a catalogue's database to read.</summary>
    /// <exception cref="StemJepaException">There is none, it is damaged, or not a catalogue's.</exception>
    internal static CatalogDatabase OpenToRead(string folder)
    {
        CatalogSchema.RequireDatabase(folder);
        try
        {
            return new CatalogDatabase(folder, SqliteOpenMode.ReadOnly, isImmutable: false);
        }
        catch (StemJepaException error) when (IsUnwritable(error) && !HasLog(folder))
        {
            // On a read-only file system there is no place for the log's index, and nobody who writes.
            return new CatalogDatabase(folder, SqliteOpenMode.ReadOnly, isImmutable: true);
        }
    }

    /// <summary>Opens a catalogue's database to write.</summary>
    /// <exception cref="StemJepaException">There is none, it is damaged, or not a catalogue's.</exception>
    internal static CatalogDatabase OpenToWrite(string folder)
    {
        CatalogSchema.RequireDatabase(folder);
        return new CatalogDatabase(folder, SqliteOpenMode.ReadWrite, isImmutable: false);
    }

    /// <summary>Begins a transaction that alone may write, if nobody else has one.</summary>
    /// <exception cref="StemJepaException">Another program had one all the while.</exception>
    /// <exception cref="OperationCanceledException">Waiting was cancelled; what is free at once is taken all the same.</exception>
    internal void Lock(TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var watch = Stopwatch.StartNew(); !TryLock();)
        {
            if (watch.Elapsed >= patience)
                throw new StemJepaException($"{Folder} is being written by another program: wait until it is done.",
                    StemJepaErrorKind.Access);
            cancellationToken.WaitHandle.WaitOne(Pause);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>As <see cref="Lock"/>, without waiting.</summary>
    internal bool TryLock() => Guard(() =>
    {
        int code = raw.sqlite3_exec(_connection.Handle, "BEGIN IMMEDIATE");
        if (code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
            return false;
        SqliteException.ThrowExceptionForRC(code, _connection.Handle);
        return true;
    });

    /// <summary>Whether a transaction is open.</summary>
    internal bool IsLocked => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>Reads the header; in a transaction, the state that it stays with.</summary>
    internal CatalogHeader Header() => Guard(() =>
    {
        using SqliteCommand command = Command($"SELECT {CatalogHeader.Columns} FROM catalog");
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() ? CatalogHeader.Read(row) : throw new FormatException("its table 'catalog' is empty");
    });

    internal void Execute(string sql, params IEnumerable<(string Name, object? Value)> values) => Guard(() =>
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteNonQuery();
    });

    internal long Number(string sql, params IEnumerable<(string Name, object? Value)> values) => Guard(() =>
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteScalar() is long number ? number : throw new FormatException("a number is missing");
    });

    internal SqliteCommand Command(string sql, params IEnumerable<(string Name, object? Value)> values)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    /// <summary>Runs a query whose rows are many, without objects for each of them.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="values">Numbers and texts.</param>
    /// <param name="row">Takes each row.</param>
    /// <exception cref="SqliteException">It failed.</exception>
    internal void ForEach(string sql, IEnumerable<(string Name, object? Value)> values, Action<sqlite3_stmt> row)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_connection.Handle, sql, out sqlite3_stmt statement),
            _connection.Handle);
        using (statement)
        {
            foreach ((string name, object? value) in values)
            {
                int index = raw.sqlite3_bind_parameter_index(statement, name);
                SqliteException.ThrowExceptionForRC(value switch
                {
                    long number => raw.sqlite3_bind_int64(statement, index, number),
                    double number => raw.sqlite3_bind_double(statement, index, number),
                    string text => raw.sqlite3_bind_text(statement, index, text),
                    _ => raw.sqlite3_bind_null(statement, index),
                }, _connection.Handle);
            }
            int code;
            while ((code = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
                row(statement);
            if (code != raw.SQLITE_DONE)
                SqliteException.ThrowExceptionForRC(code, _connection.Handle);
        }
    }

    /// <summary>Runs work on the database, and says in one sentence what is wrong with it.</summary>
    /// <exception cref="StemJepaException">It failed.</exception>
    internal T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error)
        {
            throw Explain(error);
        }
        catch (Exception error) when (error is InvalidOperationException and not ObjectDisposedException or InvalidCastException
            or FormatException or OverflowException or ArgumentException)
        {
            throw new StemJepaException($"{_path} is damaged ({Describe(error)}): {CatalogSchema.Advice}.", error);
        }
    }

    public void Dispose() => _connection.Dispose();

    private string? Text(string sql, params IEnumerable<(string Name, object? Value)> values)
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteScalar() as string;
    }

    private StemJepaException Explain(SqliteException error)
    {
        string text = Describe(error);
        return error.SqliteErrorCode switch
        {
            raw.SQLITE_NOTADB => new($"{_path} is not a database of a stem catalogue ({text}): name the folder of one.", error),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new($"{Folder} is being written by another program ({text}): wait until it is done.",
                error, StemJepaErrorKind.Access),
            raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => new(
                $"Cannot use {_path}: {text}; choose a folder that is readable and writable and has space.", error,
                StemJepaErrorKind.Access),
            _ => new($"{_path} is damaged ({text}): {CatalogSchema.Advice}.", error),
        };
    }

    /// <summary>The message on one line and not too long: SQLite quotes whole statements, of which a damaged file decides.</summary>
    private static string Describe(Exception error)
    {
        string printable = new([.. error.Message.Select(character => char.IsControl(character) ? ' ' : character)]);
        string line = string.Join(' ', printable.Split(' ', StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        return line.Length <= LongestMessage ? line : line[..LongestMessage] + "...";
    }

    private static bool IsUnwritable(StemJepaException error) => error.InnerException is SqliteException
    {
        SqliteErrorCode: raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_IOERR,
    };

    private static bool HasLog(string folder) => new FileInfo(CatalogFiles.Database(folder) + "-wal") is { Exists: true, Length: > 0 };
}
