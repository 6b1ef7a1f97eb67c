package io.helenus.cql.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement about who may do what. Role names are [Identifier]s; one written as a string keeps
/// its case.
public sealed interface AuthStatement extends CqlStatement {
    /// `CREATE ROLE name WITH options`
    record CreateRole(Identifier name, boolean ifNotExists, RoleOptions options)
            implements AuthStatement {}

    /// `ALTER ROLE name WITH options`
    record AlterRole(Identifier name, boolean ifExists, RoleOptions options)
            implements AuthStatement {}

    /// `DROP ROLE name`
    record DropRole(Identifier name, boolean ifExists) implements AuthStatement {}

    /// `CREATE USER name [WITH PASSWORD …] [SUPERUSER | NOSUPERUSER]`: a role that may log in.
    record CreateUser(
            Identifier name, boolean ifNotExists, @Nullable Password password, boolean superuser)
            implements AuthStatement {}

    /// `ALTER USER name …`; null is "unchanged".
    record AlterUser(
            Identifier name,
            boolean ifExists,
            @Nullable Password password,
            @Nullable Boolean superuser)
            implements AuthStatement {}

    /// `DROP USER name`
    record DropUser(Identifier name, boolean ifExists) implements AuthStatement {}

    /// `LIST ROLES [OF role] [NORECURSIVE]`
    record ListRoles(@Nullable Identifier of, boolean recursive) implements AuthStatement {}

    /// `LIST USERS`
    record ListUsers() implements AuthStatement {}

    /// `LIST permissions [ON resource] [OF role] [NORECURSIVE]`
    record ListPermissions(
            List<Permission> permissions,
            @Nullable Resource resource,
            @Nullable Identifier of,
            boolean recursive)
            implements AuthStatement {
        public ListPermissions {
            permissions = List.copyOf(permissions);
        }
    }

    /// `GRANT permissions ON resource TO role`. Which permissions a resource knows is asked
    /// elsewhere.
    record GrantPermissions(List<Permission> permissions, Resource resource, Identifier role)
            implements AuthStatement {
        public GrantPermissions {
            permissions = List.copyOf(permissions);
        }
    }

    /// `REVOKE permissions ON resource FROM role`
    record RevokePermissions(List<Permission> permissions, Resource resource, Identifier role)
            implements AuthStatement {
        public RevokePermissions {
            permissions = List.copyOf(permissions);
        }
    }

    /// `GRANT role TO grantee`
    record GrantRole(Identifier role, Identifier grantee) implements AuthStatement {}

    /// `REVOKE role FROM revokee`
    record RevokeRole(Identifier role, Identifier revokee) implements AuthStatement {}

    /// `ADD IDENTITY identity TO ROLE role`; both as written, without case folding.
    record AddIdentity(String identity, boolean ifNotExists, String role)
            implements AuthStatement {}

    /// `DROP IDENTITY identity`
    record DropIdentity(String identity, boolean ifExists) implements AuthStatement {}

    /// What may be granted. `ALL` in a statement comes as all of them, in this order, each once.
    enum Permission {
        CREATE,
        ALTER,
        DROP,
        SELECT,
        MODIFY,
        AUTHORIZE,
        DESCRIBE,
        EXECUTE,
        UNMASK,
        SELECT_MASKED
    }

    /// `PASSWORD 'text'` or `HASHED PASSWORD 'text'`
    record Password(String text, boolean hashed) {
        /// Never shows the password: statements are logged.
        @Override
        public String toString() {
            return hashed ? "Password[hashed]" : "Password[plain]";
        }
    }

    /// Options of CREATE ROLE and ALTER ROLE; null is "not mentioned".
    ///
    /// @param options custom options of the role manager
    /// @param datacenters where the role may log in
    /// @param cidrGroups from where the role may log in
    record RoleOptions(
            @Nullable Password password,
            @Nullable Boolean superuser,
            @Nullable Boolean login,
            @Nullable List<Property.Entry> options,
            @Nullable Access datacenters,
            @Nullable Access cidrGroups) {
        /// Without WITH.
        public static final RoleOptions NONE = new RoleOptions(null, null, null, null, null, null);

        public RoleOptions {
            options = options == null ? null : List.copyOf(options);
        }
    }

    /// `ALL DATACENTERS` (or `CIDRS`), or a set of names, at least one.
    record Access(boolean all, List<String> names) {
        /// Everywhere.
        public static final Access ALL = new Access(true, List.of());

        public Access {
            names = List.copyOf(names);
        }
    }

    /// On what a permission is granted.
    sealed interface Resource {}

    /// A resource without a name.
    enum Root implements Resource {
        ALL_KEYSPACES,
        ALL_FUNCTIONS,
        ALL_ROLES,
        ALL_MBEANS
    }

    /// `KEYSPACE keyspace`
    record OnKeyspace(Identifier keyspace) implements Resource {}

    /// `ALL TABLES IN KEYSPACE keyspace`
    record OnAllTables(Identifier keyspace) implements Resource {}

    /// `[TABLE] table`
    record OnTable(QualifiedName table) implements Resource {}

    /// `ROLE role`
    record OnRole(Identifier role) implements Resource {}

    /// `ALL FUNCTIONS IN KEYSPACE keyspace`
    record OnAllFunctions(Identifier keyspace) implements Resource {}

    /// `FUNCTION name (argument types)`
    record OnFunction(QualifiedName function, List<TypeName> argumentTypes) implements Resource {
        public OnFunction {
            argumentTypes = List.copyOf(argumentTypes);
        }
    }

    /// `MBEAN 'name'`
    record OnMBean(String name) implements Resource {}

    /// `MBEANS 'pattern'`
    record OnMBeans(String pattern) implements Resource {}
}
