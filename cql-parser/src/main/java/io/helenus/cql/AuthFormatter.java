package io.helenus.cql;

import io.helenus.cql.ast.AuthStatement;
import io.helenus.cql.ast.AuthStatement.Permission;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.Property;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The part of [CqlFormatter] for roles and permissions.
final class AuthFormatter {
    private final TermFormatter out;

    AuthFormatter(TermFormatter out) {
        this.out = out;
    }

    void statement(AuthStatement statement) {
        switch (statement) {
            case AuthStatement.CreateRole create -> {
                out.add("CREATE ROLE ").addIf(create.ifNotExists(), "IF NOT EXISTS ");
                out.name(create.name());
                options(create.options());
            }
            case AuthStatement.AlterRole alter -> {
                out.add("ALTER ROLE ").addIf(alter.ifExists(), "IF EXISTS ").name(alter.name());
                options(alter.options());
            }
            case AuthStatement.DropRole(Identifier name, boolean ifExists) ->
                    out.add("DROP ROLE ").addIf(ifExists, "IF EXISTS ").name(name);
            case AuthStatement.CreateUser create -> {
                out.add("CREATE USER ").addIf(create.ifNotExists(), "IF NOT EXISTS ");
                out.string(create.name().text());
                password(create.password());
                out.add(create.superuser() ? " SUPERUSER" : " NOSUPERUSER");
            }
            case AuthStatement.AlterUser alter -> {
                out.add("ALTER USER ").addIf(alter.ifExists(), "IF EXISTS ");
                out.string(alter.name().text());
                password(alter.password());
                if (alter.superuser() != null) {
                    out.add(alter.superuser() ? " SUPERUSER" : " NOSUPERUSER");
                }
            }
            case AuthStatement.DropUser(Identifier name, boolean ifExists) ->
                    out.add("DROP USER ").addIf(ifExists, "IF EXISTS ").string(name.text());
            case AuthStatement.ListRoles(Identifier of, boolean recursive) -> {
                out.add("LIST ROLES");
                of(of, recursive);
            }
            case AuthStatement.ListUsers _ -> out.add("LIST USERS");
            case AuthStatement.ListPermissions list -> {
                out.add("LIST ");
                permissions(list.permissions());
                if (list.resource() != null) {
                    out.add(" ON ");
                    resource(list.resource());
                }
                of(list.of(), list.recursive());
            }
            case AuthStatement.GrantPermissions grant -> {
                out.add("GRANT ");
                permissions(grant.permissions());
                out.add(" ON ");
                resource(grant.resource());
                out.add(" TO ").name(grant.role());
            }
            case AuthStatement.RevokePermissions revoke -> {
                out.add("REVOKE ");
                permissions(revoke.permissions());
                out.add(" ON ");
                resource(revoke.resource());
                out.add(" FROM ").name(revoke.role());
            }
            case AuthStatement.GrantRole(Identifier role, Identifier grantee) ->
                    out.add("GRANT ").name(role).add(" TO ").name(grantee);
            case AuthStatement.RevokeRole(Identifier role, Identifier revokee) ->
                    out.add("REVOKE ").name(role).add(" FROM ").name(revokee);
            case AuthStatement.AddIdentity(String identity, boolean ifNotExists, String role) ->
                    out.add("ADD IDENTITY ")
                            .addIf(ifNotExists, "IF NOT EXISTS ")
                            .string(identity)
                            .add(" TO ROLE ")
                            .string(role);
            case AuthStatement.DropIdentity(String identity, boolean ifExists) ->
                    out.add("DROP IDENTITY ").addIf(ifExists, "IF EXISTS ").string(identity);
        }
    }

    private void of(@Nullable Identifier role, boolean recursive) {
        if (role != null) {
            out.add(" OF ").name(role);
        }
        out.addIf(!recursive, " NORECURSIVE");
    }

    private void password(AuthStatement.@Nullable Password password) {
        if (password != null) {
            out.add(password.hashed() ? " WITH HASHED PASSWORD " : " WITH PASSWORD ")
                    .string(password.text());
        }
    }

    private void options(AuthStatement.RoleOptions options) {
        List<Runnable> clauses = new ArrayList<>();
        AuthStatement.@Nullable Password password = options.password();
        if (password != null) {
            clauses.add(() ->
                    out.add(password.hashed() ? "HASHED PASSWORD = " : "PASSWORD = ")
                            .string(password.text()));
        }
        if (options.superuser() != null) {
            clauses.add(() -> out.add("SUPERUSER = " + options.superuser()));
        }
        if (options.login() != null) {
            clauses.add(() -> out.add("LOGIN = " + options.login()));
        }
        @Nullable List<Property.Entry> custom = options.options();
        if (custom != null) {
            clauses.add(() -> {
                out.add("OPTIONS = ");
                SchemaFormatter.map(out, custom);
            });
        }
        access(clauses, "ACCESS TO ", "DATACENTERS", options.datacenters());
        access(clauses, "ACCESS FROM ", "CIDRS", options.cidrGroups());
        if (!clauses.isEmpty()) {
            out.add(" WITH ").list(clauses, " AND ", Runnable::run);
        }
    }

    private void access(
            List<Runnable> clauses,
            String direction,
            String what,
            AuthStatement.@Nullable Access access) {
        if (access == null) {
            return;
        }
        clauses.add(() -> {
            out.add(direction).addIf(access.all(), "ALL ").add(what);
            if (!access.all()) {
                out.add(" {").list(access.names(), ", ", out::string).add("}");
            }
        });
    }

    private void permissions(List<Permission> permissions) {
        if (permissions.size() == Permission.values().length) {
            out.add("ALL PERMISSIONS");
        } else {
            out.list(permissions, ", ", permission -> out.add(permission.name()));
        }
    }

    private void resource(AuthStatement.Resource resource) {
        switch (resource) {
            case AuthStatement.Root root -> out.add(root.name().replace('_', ' '));
            case AuthStatement.OnKeyspace(Identifier keyspace) ->
                    out.add("KEYSPACE ").name(keyspace);
            case AuthStatement.OnAllTables(Identifier keyspace) ->
                    out.add("ALL TABLES IN KEYSPACE ").name(keyspace);
            case AuthStatement.OnTable(QualifiedName table) -> out.add("TABLE ").name(table);
            case AuthStatement.OnRole(Identifier role) -> out.add("ROLE ").name(role);
            case AuthStatement.OnAllFunctions(Identifier keyspace) ->
                    out.add("ALL FUNCTIONS IN KEYSPACE ").name(keyspace);
            case AuthStatement.OnFunction(QualifiedName function, List<TypeName> types) ->
                    out.add("FUNCTION ")
                            .functionName(function)
                            .add("(")
                            .list(types, ", ", out::type)
                            .add(")");
            case AuthStatement.OnMBean(String name) -> out.add("MBEAN ").string(name);
            case AuthStatement.OnMBeans(String pattern) -> out.add("MBEANS ").string(pattern);
        }
    }
}
